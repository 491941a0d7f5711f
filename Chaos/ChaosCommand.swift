import ArgumentParser
import Foundation
import LedgerJSON

/// What a run is asked for.
struct RunOptions: ParsableArguments {
  @Option(help: "The number of nodes.") var nodes = 4

  @Option(help: ArgumentHelp("The seed of the schedule. Default: random, and printed.", valueName: "n"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("How long to inject faults. Default: every fault once.", valueName: "m"))
  var minutes: Double?

  @Option(
    help: ArgumentHelp(
      "Only these faults, separated by commas: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var faults: String?

  @Option(
    help: ArgumentHelp(
      "A CSV file to write with memory, open files, threads and disk of every node, every 10 s.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Where to create the cluster; must not exist.", valueName: "dir")) var dir: String?
  @Flag(help: "Keep the nodes' directories.") var keep = false
  @Flag(help: "Use plain processes on loopback, without network faults.") var noNamespaces = false
  @Flag(help: "Only measure with all nodes and with one dead, and check the promised figures.") var liveness = false
  @Flag(help: "Print the result as JSON.") var json = false

  @Option(help: ArgumentHelp("The program to run. Default: the one beside this program.", valueName: "file"))
  var roadbed: String?

  var kinds: [FaultKind]? {
    get throws(ChaosError) {
      guard let faults else { return nil }
      return try FaultKind.list(faults)
    }
  }

  mutating func validate() throws {
    guard (1...32).contains(nodes) else { throw ValidationError("--nodes is \(nodes); it must be 1 to 32.") }
    if let minutes, minutes <= 0 { throw ValidationError("--minutes is \(minutes); it must be more than 0.") }
    do {
      _ = try kinds
    } catch {
      throw ValidationError(error.line)
    }
    if liveness, nodes < 4 { throw ValidationError("--liveness needs at least 4 nodes, so that one may be dead.") }
  }
}

/// Tests on real processes: a cluster, a load that records every answer, faults from a seed, and a checker that works from
/// outside.
@main
struct ChaosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Inject faults into a cluster of real processes, and check that it keeps its promises.",
    discussion: "The exit status is 0 if all promises were kept, 1 if one was broken, 2 if the command line is wrong.")

  @OptionGroup var options: RunOptions

  @Option(help: .private) var configuration: String?

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    do {
      if let configuration {
        try await runInside(try JSONDecoder().decode(SandboxConfiguration.self, from: Data(configuration.utf8)))
      } else {
        let status = try await Sandbox(options: options).run()
        throw ExitCode(status)
      }
    } catch let error as ChaosError {
      try? FileHandle.standardError.write(contentsOf: Data("error \(error.line)\n  next: \(error.nextStep)\n".utf8))
      throw ExitCode.failure
    }
  }

  private func runInside(_ configuration: SandboxConfiguration) async throws {
    let story = Story(isOnStandardError: options.json)
    let report = try await Run(options: options, configuration: configuration, story: story).run()
    if options.json {
      FileHandle.standardOutput.write(try AnswerCoding.encodePretty(report))
    } else {
      print(report.text)
    }
    if !report.passed { throw ExitCode.failure }
  }
}

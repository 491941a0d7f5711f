import ArgumentParser
import Foundation
import LedgerJSON

/// Tests on real processes: runs a cluster, a load that records every answer, faults generated from a seed, and a
/// checker that judges only from outside.
@main
struct ChaosCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Inject faults into a cluster of real processes, and check that it keeps its promises.",
    discussion: "The exit status is 0 if all promises were kept, 1 if one was broken, 2 if the command line is wrong.")

  @OptionGroup var options: RunOptions

  @Option(help: .private) var configuration: String?
  @Option(help: .private) var hostilePeer: String?
  @Option(help: .private) var hostileRelay: String?

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    do {
      if let hostilePeer {
        try await HostilePeer(try JSONDecoder().decode(HostileConfiguration.self, from: Data(hostilePeer.utf8))).run()
      } else if let hostileRelay {
        try SlowRelay(try JSONDecoder().decode(SlowRelay.Configuration.self, from: Data(hostileRelay.utf8))).run()
      } else if let configuration {
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

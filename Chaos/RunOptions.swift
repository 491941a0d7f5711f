import ArgumentParser

/// The options of a run.
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
  @Flag(help: "Replace one validator by a hostile one, play by play, and check that the others lose nothing.")
  var hostile = false

  @Option(
    help: ArgumentHelp(
      "Only these plays of --hostile, separated by commas: \(HostilePlay.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var plays: String?

  @Option(help: ArgumentHelp("How long each play of --hostile lasts.", valueName: "n")) var seconds = 60.0
  @Flag(help: "With --hostile, do not judge figures that depend on the speed of the machine.") var brief = false
  @Flag(help: "Print the result as JSON.") var json = false

  @Option(help: ArgumentHelp("The program to run. Default: the one beside this program.", valueName: "file"))
  var roadbed: String?

  var kinds: [FaultKind]? {
    get throws(ChaosError) {
      guard let faults else { return nil }
      return try FaultKind.list(faults)
    }
  }

  var chosenPlays: [HostilePlay] {
    get throws(ChaosError) {
      guard let plays else { return HostilePlay.allCases }
      return try HostilePlay.list(plays)
    }
  }

  mutating func validate() throws {
    guard (1...32).contains(nodes) else { throw ValidationError("--nodes is \(nodes); it must be 1 to 32.") }
    if let minutes, minutes <= 0 { throw ValidationError("--minutes is \(minutes); it must be more than 0.") }
    do {
      _ = try kinds
      _ = try chosenPlays
    } catch {
      throw ValidationError(error.line)
    }
    if hostile, nodes < 4 { throw ValidationError("--hostile needs at least 4 nodes, so that one may be hostile.") }
    if seconds < 1 { throw ValidationError("--seconds is \(seconds); it must be at least 1.") }
    if liveness, nodes < 4 { throw ValidationError("--liveness needs at least 4 nodes, so that one may be dead.") }
  }
}

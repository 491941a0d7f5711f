import ArgumentParser

/// What a run is asked for.
struct RunOptions: ParsableArguments {
  @Option(help: "Nodes of the cluster.") var nodes = 4

  @Option(help: ArgumentHelp("What decides the schedule. Without it: by chance, and printed.", valueName: "n"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("How long faults follow each other. Without it: every fault once.", valueName: "m"))
  var minutes: Double?

  @Option(
    help: ArgumentHelp(
      "Only these, with commas between: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var faults: String?

  @Option(
    help: ArgumentHelp(
      "A CSV file of memory, open files, threads and disk of every node, every 10 s.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Where to make the cluster; it must not exist.", valueName: "dir")) var dir: String?
  @Flag(help: "Leave the nodes' directories.") var keep = false
  @Flag(help: "Plain processes on loopback, without faults of the network.") var noNamespaces = false
  @Flag(help: "Only measure with all nodes and with one dead, and demand what is promised of it.") var liveness = false
  @Flag(help: "Print the result as JSON.") var json = false

  @Option(help: ArgumentHelp("The program to run. Without it: the one beside this one.", valueName: "file"))
  var roadbed: String?

  var kinds: [FaultKind]? {
    get throws(ChaosError) {
      guard let faults else { return nil }
      return try FaultKind.list(faults)
    }
  }

  mutating func validate() throws {
    guard (1...32).contains(nodes) else { throw ValidationError("--nodes is \(nodes); allowed are 1 to 32.") }
    if let minutes, minutes <= 0 { throw ValidationError("--minutes is \(minutes); it must be more than 0.") }
    do {
      _ = try kinds
    } catch {
      throw ValidationError(error.line)
    }
    if liveness, nodes < 4 { throw ValidationError("--liveness needs 4 nodes, so that one may be dead.") }
  }
}

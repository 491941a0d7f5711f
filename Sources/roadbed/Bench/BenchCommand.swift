import ArgumentParser
import Foundation
import LedgerClient
import Primitives

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Put load on a running cluster and measure what it commits.",
    discussion: """
      Makes members and accounts for itself if they are not there, signs all transactions before it begins to measure, \
      and counts what becomes final. First it waits until the nodes on this machine rest, then measures how many signatures this machine checks in a second with all its \
      cores, the limit for everything with one signature a transaction.

      Without --rate each client sends a group of K transactions, waits until they are final, and sends the next: the \
      most that the cluster takes. With --rate transactions are sent at that rate whatever the cluster does, and their \
      latency counts from the moment when they were due, so that a cluster which stalls cannot hide it.

      Examples:
        roadbed bench --dir demo
        roadbed bench --dir demo --clients 1 --in-flight 1
        roadbed bench --dir demo --operations 1000 --accounts 100000 --in-flight 8
        roadbed bench --dir demo --rate 1000 --seconds 30 --json
      """)

  @OptionGroup var cluster: ClusterOptions

  @Option(
    name: .customLong("node"),
    help: ArgumentHelp(
      "Send to this node only, and not to all of the cluster; may be repeated. Such as http://127.0.0.1:7501.",
      valueName: "url"))
  var addresses: [String] = []

  @Option(help: ArgumentHelp("Clients, each with a connection of its own to one of the nodes.", valueName: "c"))
  var clients = 16

  @Option(
    help: ArgumentHelp("Transactions that a client has on the way at once; they travel together.", valueName: "k"))
  var inFlight = 64

  @Option(help: ArgumentHelp("How long to measure.", valueName: "s"))
  var seconds = 10.0

  @Option(help: ArgumentHelp("How long the load stands before measuring begins.", valueName: "s"))
  var warmUp = 2.0

  @Option(help: ArgumentHelp("Transactions a second to send, whatever the cluster does.", valueName: "r"))
  var rate: Double?

  @Option(help: ArgumentHelp("Transfers in each transaction.", valueName: "n"))
  var operations = 1

  @Option(help: ArgumentHelp("Accounts between which money moves.", valueName: "n"))
  var accounts = 1000

  @Option(help: ArgumentHelp("Use only so many of the accounts. Without it: all alike.", valueName: "n"))
  var hot: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw ValidationError(
          "--\(name) is \(value); allowed are \(range.lowerBound) to \(range.upperBound).")
      }
    }
    try check("clients", clients, 1...1024)
    try check("in-flight", inFlight, 1...512)
    try check("operations", operations, 1...Limits.transactionOperations)
    try check("accounts", accounts, 2 * BenchLedger.memberCount...10_000_000)
    if let hot { try check("hot", hot, 2 * BenchLedger.memberCount...accounts) }
    guard (1...3600).contains(seconds), (0...600).contains(warmUp) else {
      throw ValidationError("--seconds is \(seconds) and --warm-up \(warmUp); allowed are 1 to 3600 and 0 to 600.")
    }
    if let rate, !(1...1_000_000).contains(rate) {
      throw ValidationError("--rate is \(rate); allowed are 1 to 1000000.")
    }
  }

  func run() async throws {
    let cluster = try cluster.cluster()
    let nodes = addresses.isEmpty ? cluster.file.nodes.map(\.api) : addresses
    let shape = LoadShape(
      clients: clients, inFlight: inFlight, rate: rate, seconds: seconds, warmUp: warmUp, operations: operations,
      accounts: accounts, hot: hot ?? accounts)
    let ledger = try BenchLedger(cluster)
    try await rest(cluster)
    say("measuring how many signatures this machine checks in a second")
    let limit = try VerifyLimit.measure(ledger.suite)
    try await LedgerClient.with(nodes: nodes.map(NodeAddress.parse)) { client in
      try await ledger.prepare(accounts: accounts, client) { say($0) }
    }
    let wanted = shape.transactionsNeeded(verifyLimit: limit, validators: cluster.file.nodes.count)
    say("signing \(wanted) transactions")
    let transactions = try PreparedLoad(ledger, shape, count: wanted)
    say("sending for \(Int(warmUp + seconds)) s")
    async let before = Self.processorTime(of: cluster, after: warmUp)
    let tally = try await LoadRun(shape, transactions, nodes: nodes).run()
    let after = ProcessorTime.read(of: cluster)
    let result = tally.result()
    let spent = after.microseconds(
      since: try await before, rate: Double(result.committed) / max(result.seconds, 0.001),
      nodes: cluster.file.nodes.count)
    let report = BenchReport(
      shape, result, verifyLimit: limit, nodes: nodes.count, memory: NodeMemory.read(of: cluster), spent)
    if output.json { return try Console.printJSON(report) }
    report.print()
  }

  /// Waits until the nodes on this machine rest: what they still do for an earlier run, such as writing the index, would be
  /// taken from the limit and from this run.
  private func rest(_ cluster: Cluster) async throws {
    var before = ProcessorTime.read(of: cluster)
    for turn in 0..<Self.restTurns {
      try await Task.sleep(for: Self.restTurn)
      let now = ProcessorTime.read(of: cluster)
      if now.busyProcessors(since: before) < Self.restingProcessors { return }
      if turn == 0 { say("waiting until the nodes are done with what they are doing") }
      before = now
    }
    say("the nodes are still busy; what they do is taken from the limit and from what is measured")
  }

  /// The index writes once a second.
  private static let restTurn: Duration = .seconds(1)
  private static let restTurns = 60
  private static let restingProcessors = 0.1

  private static func processorTime(of cluster: Cluster, after warmUp: Double) async throws -> ProcessorTime {
    try await Task.sleep(for: .seconds(warmUp))
    return .read(of: cluster)
  }

  private func say(_ line: String) { if !output.json { Console.remark(line) } }
}

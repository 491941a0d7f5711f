import ArgumentParser
import Foundation
import LedgerClient
import Primitives

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Put load on a running cluster and measure what it commits.",
    discussion: """
      Creates its own members and accounts if they do not exist, signs all transactions before it begins to measure, \
      and counts what becomes final. First it waits until the nodes on this machine are idle, then measures how many \
      signatures this machine verifies in a second on all its cores: the upper limit for any load with one signature \
      per transaction.

      Without --rate, each client sends a group of K transactions, waits until they are final, and sends the next: the \
      most that the cluster can handle. With --rate, transactions are sent at that rate no matter what the cluster does, \
      and their latency counts from the moment they were due, so that a stalled cluster cannot hide it.

      Examples:
        roadbed bench --dir demo
        roadbed bench --dir demo --clients 1 --in-flight 1
        roadbed bench --dir demo --operations 1000 --accounts 100000 --in-flight 8
        roadbed bench --dir demo --rate 1000 --seconds 30 --json
        roadbed bench --dir demo --rate 1000 --readers 16
      """)

  @OptionGroup var cluster: ClusterOptions

  @Option(
    name: .customLong("node"),
    help: ArgumentHelp(
      "Send to this node instead of all nodes of the cluster, such as http://127.0.0.1:7501. May be repeated.",
      valueName: "url"))
  var addresses: [String] = []

  @Option(
    help: ArgumentHelp("The number of clients, each with its own connection to one of the nodes.", valueName: "c"))
  var clients = 16

  @Option(
    help: ArgumentHelp("How many transactions a client has in flight at once; it sends them together.", valueName: "k"))
  var inFlight = 64

  @Option(help: ArgumentHelp("How long to measure.", valueName: "s"))
  var seconds = 10.0

  @Option(help: ArgumentHelp("How long the load runs before measuring begins.", valueName: "s"))
  var warmUp = 2.0

  @Option(help: ArgumentHelp("Send this many transactions a second, no matter what the cluster does.", valueName: "r"))
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      "How many connections read lists of accounts and blocks meanwhile, as fast as they are answered.", valueName: "n")
  )
  var readers = 0

  @Option(help: ArgumentHelp("Transfers per transaction.", valueName: "n"))
  var operations = 1

  @Option(help: ArgumentHelp("Accounts between which money moves.", valueName: "n"))
  var accounts = 1000

  @Option(help: ArgumentHelp("Use only this many of the accounts. Default: all, equally.", valueName: "n"))
  var hot: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw ValidationError(
          "--\(name) is \(value); it must be \(range.lowerBound) to \(range.upperBound).")
      }
    }
    try check("clients", clients, 1...1024)
    try check("in-flight", inFlight, 1...512)
    try check("readers", readers, 0...1024)
    try check("operations", operations, 1...Limits.transactionOperations)
    try check("accounts", accounts, 2 * BenchLedger.memberCount...10_000_000)
    if let hot { try check("hot", hot, 2 * BenchLedger.memberCount...accounts) }
    guard (1...3600).contains(seconds), (0...600).contains(warmUp) else {
      throw ValidationError("--seconds is \(seconds) and --warm-up is \(warmUp); they must be 1 to 3600 and 0 to 600.")
    }
    if let rate, !(1...1_000_000).contains(rate) {
      throw ValidationError("--rate is \(rate); it must be 1 to 1000000.")
    }
  }

  func run() async throws {
    let cluster = try cluster.cluster()
    let nodes = addresses.isEmpty ? cluster.file.nodes.map(\.api) : addresses
    let shape = LoadShape(
      clients: clients, inFlight: inFlight, rate: rate, seconds: seconds, warmUp: warmUp, readers: readers,
      operations: operations, accounts: accounts, hot: hot ?? accounts)
    let ledger = try BenchLedger(cluster)
    try await rest(cluster)
    say("measuring how many signatures this machine verifies in a second")
    let limit = try VerifyLimit.measure(ledger.suite)
    try await LedgerClient.with(nodes: nodes.map(NodeAddress.parse)) { client in
      try await ledger.prepare(accounts: accounts, client) { say($0) }
    }
    let wanted = shape.transactionsNeeded(verifyLimit: limit, validators: cluster.file.nodes.count)
    say("signing \(wanted) transactions")
    let transactions = try PreparedLoad(ledger, shape, count: wanted)
    say("sending for \(Int(warmUp + seconds)) s")
    async let before = Self.processorTime(of: cluster, after: warmUp)
    let (tally, reads) = try await LoadRun(shape, transactions, nodes: nodes).run()
    let after = ProcessorTime.read(of: cluster)
    let result = tally.result()
    let spent = after.microseconds(
      since: try await before, rate: Double(result.committed) / max(result.seconds, 0.001),
      nodes: cluster.file.nodes.count)
    let report = BenchReport(
      shape, result, reads, verifyLimit: limit, nodes: nodes.count, memory: NodeMemory.read(of: cluster), spent)
    if output.json { return try Console.printJSON(report) }
    report.print()
  }

  /// Waits until the nodes on this machine are idle. Work left over from an earlier run, such as writing the index,
  /// would lower both the limit and this run's figures.
  private func rest(_ cluster: Cluster) async throws {
    var before = ProcessorTime.read(of: cluster)
    for turn in 0..<Self.restTurns {
      try await Task.sleep(for: Self.restTurn)
      let now = ProcessorTime.read(of: cluster)
      if now.busyProcessors(since: before) < Self.restingProcessors { return }
      if turn == 0 { say("waiting until the nodes are idle") }
      before = now
    }
    say("the nodes are still busy; this lowers the limit and the measured figures")
  }

  /// One second, because the index writes once a second.
  private static let restTurn: Duration = .seconds(1)
  private static let restTurns = 60
  private static let restingProcessors = 0.1

  private static func processorTime(of cluster: Cluster, after warmUp: Double) async throws -> ProcessorTime {
    try await Task.sleep(for: .seconds(warmUp))
    return .read(of: cluster)
  }

  private func say(_ line: String) { if !output.json { Console.remark(line) } }
}

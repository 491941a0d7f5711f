import Foundation
import Histogram

/// The result of a run, as `--json` prints it.
struct BenchReport: Encodable {
  struct Latency: Encodable {
    var p50: Double
    var p90: Double
    var p99: Double
    var max: Double
  }

  var offered: Int
  var committed: Int
  var failed: Int
  /// The number of failed transactions by the code of the reason.
  var failures: [String: Int]
  /// Failed transactions that a full or busy node asked to be sent again later.
  var putOff: Int
  var seconds: Double
  var transactionsPerSecond: Double
  var operationsPerSecond: Double
  var latencyMillis: Latency
  /// Signatures per second that this machine verifies on all its cores, measured before the load.
  var verifyLimitPerSecond: Double
  var nodes: Int
  var clients: Int
  var inFlight: Int
  var rate: Double?
  /// The connections that read lists meanwhile, and what became of that; absent without them.
  var readers: Int?
  var readsPerSecond: Double?
  var readsPutOff: Int?
  var readsFailed: Int?
  var operations: Int
  var accounts: Int
  var hot: Int
  var cores: Int
  var residentBytes: [String: Int]
  /// Processor time per committed transaction, averaged over the nodes, by the purpose of their threads.
  var processorMicroseconds: [String: Double]
  var clientMicroseconds: Double

  /// The upper end of each bar in milliseconds, and the number of latencies in it.
  private var bars: [(label: String, count: UInt64)]

  private enum CodingKeys: CodingKey {
    case offered, committed, failed, failures, putOff, seconds, transactionsPerSecond, operationsPerSecond
    case latencyMillis, processorMicroseconds, clientMicroseconds
    case verifyLimitPerSecond, nodes, clients, inFlight, rate, operations, accounts, hot, cores, residentBytes
    case readers, readsPerSecond, readsPutOff, readsFailed
  }

  init(
    _ shape: LoadShape, _ result: LoadTally.Result, _ reads: ReadFlood.Result, verifyLimit: Double, nodes: Int,
    memory: [String: Int],
    _ spent: (node: [String: Double], client: Double)
  ) {
    offered = result.offered
    committed = result.committed
    failed = result.failures.values.reduce(0, +)
    failures = result.failures
    putOff = result.putOff
    seconds = result.seconds
    transactionsPerSecond = Double(result.committed) / max(result.seconds, 0.001)
    operationsPerSecond = transactionsPerSecond * Double(shape.operations)
    let latencies = result.latencies
    func milliseconds(_ percentile: Double) -> Double {
      Double(latencies.valueAtPercentile(percentile)) / 1000
    }
    latencyMillis = Latency(
      p50: milliseconds(50), p90: milliseconds(90), p99: milliseconds(99), max: Double(latencies.max) / 1000)
    verifyLimitPerSecond = verifyLimit
    self.nodes = nodes
    clients = shape.clients
    inFlight = shape.inFlight
    rate = shape.rate
    if shape.readers > 0 {
      readers = shape.readers
      readsPerSecond = Double(reads.answered) / max(result.seconds, 0.001)
      readsPutOff = reads.putOff
      readsFailed = reads.failed
    }
    operations = shape.operations
    accounts = shape.accounts
    hot = shape.hot
    cores = ProcessInfo.processInfo.activeProcessorCount
    residentBytes = memory
    processorMicroseconds = spent.node
    clientMicroseconds = spent.client
    bars = Self.bars(of: latencies)
  }

  /// One bar for each doubling of the latency.
  private static func bars(of latencies: Histogram<UInt32>) -> [(label: String, count: UInt64)] {
    guard latencies.totalCount > 0 else { return [] }
    var bars: [(label: String, count: UInt64)] = []
    var end: UInt64 = 500
    var below: UInt64 = 0
    while below < latencies.totalCount {
      let count = latencies.count(within: 0...end)
      if count > below || !bars.isEmpty {
        bars.append((label: String(format: "%g ms", Double(end) / 1000), count: count - below))
      }
      below = count
      end *= 2
    }
    return bars
  }

  // MARK: For people

  private static let width = 40

  /// The processor time by purpose, most expensive first; nil where the system provides no figures.
  private var processorLine: String? {
    guard committed > 0, !processorMicroseconds.isEmpty else { return nil }
    let parts = processorMicroseconds.sorted { $0.value > $1.value }.filter { $0.value >= 0.5 }
      .map { String(format: "%@ %.0f", $0.key, $0.value) }
    let sum = processorMicroseconds.values.reduce(0, +)
    return String(format: "%.0f µs of each node per transaction: ", sum) + parts.joined(separator: ", ")
      + String(format: "; client %.0f", clientMicroseconds)
  }

  func print() {
    var sheet = Sheet()
    sheet.add("committed", "\(committed) of \(offered) transactions in \(String(format: "%.1f", seconds)) s")
    sheet.add("", String(format: "%.0f transactions/s, %.0f transfers/s", transactionsPerSecond, operationsPerSecond))
    if failed > 0 {
      let reasons = failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      sheet.add("failed", "\(failed), \(putOff) of them deferred by a full node; \(reasons.joined(separator: ", "))")
    }
    sheet.add(
      "latency",
      String(
        format: "median %.1f ms, p90 %.1f, p99 %.1f, max %.1f", latencyMillis.p50, latencyMillis.p90,
        latencyMillis.p99, latencyMillis.max))
    sheet.add(
      "limit", String(format: "%.0f signatures/s verified on all %d cores", verifyLimitPerSecond, cores))
    let load =
      rate.map { String(format: "%.0f transactions/s", $0) } ?? "\(clients) clients with \(inFlight) in flight each"
    sheet.add(
      "set-up",
      "\(nodes) nodes; \(load); \(operations) transfers per transaction, between \(hot) of \(accounts) accounts")
    if let readers, let readsPerSecond, let readsPutOff, let readsFailed {
      sheet.add(
        "reads",
        String(format: "%.0f lists/s answered to %d readers, ", readsPerSecond, readers)
          + "\(readsPutOff) put off, \(readsFailed) failed")
    }
    if let most = residentBytes.values.max() { sheet.add("memory", "\(most >> 20) MB resident in the largest node") }
    if let line = processorLine { sheet.add("processor", line) }
    sheet.print()
    let most = max(1, bars.map(\.count).max() ?? 1)
    for bar in bars {
      let length = Int((Double(bar.count) / Double(most) * Double(Self.width)).rounded(.up))
      Console.print(
        String(repeating: " ", count: max(0, 10 - bar.label.count)) + "≤ \(bar.label) "
          + Console.styled(String(repeating: "█", count: length), .cyan) + " \(bar.count)")
    }
    Console.next(
      failed > 0
        ? "see Documentation/errors.md for the codes"
        : "add --rate R to measure the latency under a lower load")
  }
}

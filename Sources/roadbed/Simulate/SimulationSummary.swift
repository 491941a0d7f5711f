import Foundation
import Simulation

/// The combined result of all seeds, as `simulate --json` prints it.
struct SimulationSummary: Encodable {
  struct Broken: Encodable {
    var seed: UInt64
    var nodes: Int
    var tick: UInt64
    var promise: String
    var state: [String]
    var lastLines: [String]
    var replay: String
  }

  var seeds = 0
  /// Views in which a block became final, one per height.
  var finalizedViews: UInt64 = 0
  /// Views up to the last final one, whether finalized or given up.
  var decidedViews: UInt64 = 0
  var transactions = 0
  var failedTransactions = 0
  var crashes = 0
  /// The least and the greatest number of validators of any epoch.
  var fewestValidators = Int.max
  var mostValidators = 0
  var inputs = 0
  var seconds: Double
  var jobs: Int
  var finalizedViewsPerSecond: Double = 0
  /// The hash of one run, or the combined hash of several, to compare with a repetition.
  var hash = ""
  /// The longest wait for finality in healed clusters with traitors, as a part of its bound.
  var longestWaitOfBound: Double = 0
  /// Counts of events by name.
  var counts: [String: Int] = [:]
  var broken: [Broken] = []
  private var combinedHash: UInt64 = 0

  private enum CodingKeys: String, CodingKey {
    case seeds, finalizedViews, decidedViews, transactions, failedTransactions, crashes, fewestValidators,
      mostValidators, inputs, seconds, jobs
    case finalizedViewsPerSecond, hash, longestWaitOfBound, counts, broken
  }

  init(seconds: Double, jobs: Int) {
    self.seconds = seconds
    self.jobs = jobs
  }

  mutating func add(_ report: Report, replay: String) {
    seeds += 1
    finalizedViews += report.height
    decidedViews += report.finalizedView
    transactions += report.transactions
    failedTransactions += report.failedTransactions
    crashes += report.crashes
    fewestValidators = min(fewestValidators, report.fewestValidators)
    mostValidators = max(mostValidators, report.mostValidators)
    inputs += report.inputs
    finalizedViewsPerSecond = seconds > 0 ? Double(finalizedViews) / seconds : 0
    combinedHash = combinedHash &* 31 &+ report.hash
    hash = String(seeds == 1 ? report.hash : combinedHash, radix: 16)
    if report.waitBound > 0 {
      longestWaitOfBound = max(longestWaitOfBound, Double(report.longestWait) / Double(report.waitBound))
    }
    counts.merge(report.counts) { $0 + $1 }
    if let promise = report.violation {
      broken.append(
        Broken(
          seed: report.seed, nodes: report.validators, tick: report.ticks, promise: promise, state: report.nodes,
          lastLines: report.trace, replay: replay))
    }
  }

  func print() {
    for entry in broken { print(entry) }
    var sheet = Sheet()
    sheet.add("seeds", "\(seeds), hash \(hash)")
    sheet.add("views", "\(finalizedViews) finalized of \(decidedViews) decided")
    sheet.add("transactions", "\(transactions), \(failedTransactions) of them without effect")
    sheet.add("crashes", crashes)
    func count(_ name: String) -> Int { counts[name, default: 0] }
    sheet.add(
      "epochs",
      "\(count("epochs begun")) begun; \(count("validators added")) validators added, "
        + "\(count("validators removed")) removed, \(count("vote keys changed")) with another key; "
        + "\(fewestValidators) to \(mostValidators) at a time")
    if longestWaitOfBound > 0 {
      sheet.add("longest wait", String(format: "%.0f %% of its bound, with traitors", 100 * longestWaitOfBound))
    }
    let rate = Int(finalizedViewsPerSecond)
    sheet.add(
      "time",
      String(format: "%.2f s on %d threads, %d finalized views a second", seconds, jobs, rate))
    sheet.print()
    printCounts("faults", prefix: "fault: ")
    printCounts("traitors", prefix: "traitor: ")
    if broken.isEmpty {
      Console.print(Console.styled("OK", .green) + ": every promise held")
    } else {
      Console.print(Console.styled("BROKEN", .red) + ": \(broken.count) of \(seeds) seeds")
    }
  }

  private func printCounts(_ label: String, prefix: String) {
    let found = counts.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
    guard !found.isEmpty else { return }
    Console.print(Console.styled(label, .dim))
    for (name, count) in found { Console.print("  \(name.dropFirst(prefix.count).padding(24)) \(count)") }
  }

  private func print(_ entry: Broken) {
    Console.print(
      Console.styled("BROKEN", .red) + " seed \(entry.seed), \(entry.nodes) nodes, tick \(entry.tick): \(entry.promise)"
    )
    for line in entry.state { Console.print("  " + line) }
    for line in entry.lastLines { Console.print("  | " + line) }
    Console.next(entry.replay)
  }
}

extension Substring {
  fileprivate func padding(_ width: Int) -> String { String(self).padded(to: width) }
}

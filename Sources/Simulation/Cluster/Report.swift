/// The result of a run.
package struct Report: Sendable, Equatable {
  package var seed: UInt64
  package var validators: Int
  /// A hash over every input of every node and its tick: equal runs have equal hashes.
  package var hash: UInt64 = 0
  /// The tick, in microseconds, at which the run ended.
  package var ticks: UInt64 = 0
  /// The first broken promise; nil if all of them held.
  package var violation: String?
  package var height: UInt64 = 0
  package var finalizedView: UInt64 = 0
  /// Transactions in the chain, and how many of them had no effect.
  package var transactions = 0
  package var failedTransactions = 0
  /// The least and the greatest number of validators of any epoch.
  package var fewestValidators = 0
  package var mostValidators = 0
  package var inputs = 0
  package var frames = 0
  package var crashes = 0
  /// The longest time, in microseconds, that a transaction waited to be final while the cluster had to be live in
  /// bounded time, and the bound. 0: the run was not watched for that.
  package var longestWait: UInt64 = 0
  package var waitBound: UInt64 = 0
  /// How often each kind of event happened, by name.
  package var counts: [String: Int] = [:]
  /// One line for each node.
  package var nodes: [String] = []
  /// The last lines of the trace, if one was requested.
  package var trace: [String] = []

  package var isSound: Bool { violation == nil }

  /// The report in readable form.
  package var text: String {
    var lines = [
      "seed \(seed), \(validators) validators: \(violation.map { "BROKEN: " + $0 } ?? "every promise held")",
      "  \(height) heights, view \(finalizedView), \(transactions) transactions (\(failedTransactions) failed), "
        + "\(inputs) inputs, \(frames) frames, \(crashes) crashes, \(ticks / 1000) ms, hash \(String(hash, radix: 16))",
    ]
    if violation != nil {
      lines += nodes.map { "  " + $0 }
      lines += trace.map { "  | " + $0 }
    }
    return lines.joined(separator: "\n")
  }
}

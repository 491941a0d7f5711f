import Primitives
import Simulation

/// Throughput on paper: the formulas of Documentation/scaling.md. Times are nanoseconds.
struct PaperModel {
  let validators: Int
  let costs: SimulatedCosts
  /// One way between two validators, in the mean.
  let delay: Double
  /// A transfer in a block, in bytes.
  static let transactionBytes = 263.0

  private var others: Double { Double(validators - 1) }
  private var quorum: Double { Double(Quorum(validators: validators).size) }

  // MARK: For each transaction
  var check: Double { Double(costs.check) / Double(costs.cores) }
  /// Taken in, decoded twice, and sent once as an offer and once in a block by one node of all.
  var replica: Double {
    Double(costs.admission + costs.execution)
      + Double(costs.contentByte) * Self.transactionBytes * (2 + 2 / Double(validators))
  }
  var line: Double { Self.transactionBytes * others * 8e9 / Double(costs.bandwidth) }
  var network: Double { Self.transactionBytes * others * Double(costs.networkByte) }
  /// What comes one after the other in a view: the copies leave the leader, a follower decodes, a node executes; leader
  /// and follower sync.
  var serial: Double {
    max(line, network) + Double(costs.execution) + 2 * Double(costs.contentByte) * Self.transactionBytes
      + 2 * Double(costs.syncPerKibibyte) * Self.transactionBytes / 1024
  }

  // MARK: For each view
  /// A quorum's votes of both kinds, the own ones not; what comes beyond it is put aside (R8).
  var voteChecks: Double { 2 * (quorum - 1) * Double(costs.check) / Double(costs.cores) }
  /// A frame of each vote, the checked signatures of a quorum's, and one certificate.
  var messages: Double { (2 * others + 2 * (quorum - 1) + 1) * Double(costs.input) }
  /// The notarization, in bytes, from the next view's leader to all others (R9).
  var certificates: Double { others * (59 + Double(validators) / 8 + 64 * quorum) }
  /// Two messages and two syncs, and the dearer of what votes cost, half of it on the way to the notarization. That one
  /// leaves the next leader while it executes, which takes longer with full blocks.
  var view: Double { 2 * delay + 2 * Double(costs.sync) + max(voteChecks, messages) / 2 }

  var blockTransactions: Double {
    min(Double(Limits.blockTransactions), Double(Limits.blockBytes) / Self.transactionBytes)
  }

  /// Transactions a second with full blocks.
  var ceiling: Double {
    1e9 / max(check, replica, serial + view / blockTransactions)
  }
}

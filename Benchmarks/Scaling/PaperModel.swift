import Primitives
import Simulation

/// Calculates throughput with the formulas of Documentation/scaling.md. Times are in nanoseconds.
struct PaperModel {
  let validators: Int
  let costs: SimulatedCosts
  /// The mean one-way delay between two validators.
  let delay: Double
  /// The size of a transfer in a block, in bytes.
  static let transactionBytes = 263.0

  private var others: Double { Double(validators - 1) }
  private var quorum: Double { Double(Quorum(validators: validators).size) }

  // MARK: For each transaction
  var check: Double { Double(costs.check) / Double(costs.cores) }
  /// Each transaction is admitted and executed, decoded twice, and sent by one of the nodes, once as an offer and once
  /// in a block.
  var replica: Double {
    Double(costs.admission + costs.execution)
      + Double(costs.contentByte) * Self.transactionBytes * (2 + 2 / Double(validators))
  }
  var line: Double { Self.transactionBytes * others * 8e9 / Double(costs.bandwidth) }
  var network: Double { Self.transactionBytes * others * Double(costs.networkByte) }
  /// The steps of a view that happen in sequence: the copies leave the leader, a follower decodes, a node executes, and
  /// leader and follower sync.
  var serial: Double {
    max(line, network) + Double(costs.execution) + 2 * Double(costs.contentByte) * Self.transactionBytes
      + 2 * Double(costs.syncPerKibibyte) * Self.transactionBytes / 1024
  }

  // MARK: For each view
  /// Verifies the votes of a quorum of both kinds, except the node's own; votes beyond the quorum are put aside (R8).
  var voteChecks: Double { 2 * (quorum - 1) * Double(costs.check) / Double(costs.cores) }
  /// Inputs: a frame for each vote of another validator, the verified signatures of a quorum, and one certificate.
  var messages: Double { (2 * others + 2 * (quorum - 1) + 1) * Double(costs.input) }
  /// Bytes of the notarization that the next view's leader sends to all others (R9).
  var certificates: Double { others * (59 + Double(validators) / 8 + 64 * quorum) }
  /// Two messages, two syncs, and the greater of the two costs of votes, half of which comes before the notarization.
  /// Forwarding the notarization is not counted: the next leader executes meanwhile, which takes longer with full
  /// blocks.
  var view: Double { 2 * delay + 2 * Double(costs.sync) + max(voteChecks, messages) / 2 }

  var blockTransactions: Double {
    min(Double(Limits.blockTransactions), Double(Limits.blockBytes) / Self.transactionBytes)
  }

  /// Transactions per second with full blocks.
  var ceiling: Double {
    1e9 / max(check, replica, serial + view / blockTransactions)
  }
}

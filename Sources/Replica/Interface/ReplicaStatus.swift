internal import Consensus
package import Ledger
package import Primitives

/// Where a replica stands, for people and programs that ask.
package struct ReplicaStatus: Sendable {
  package var view: View
  package var leader: ValidatorIndex
  package var finalizedView: View
  package var committed: ChainPoint
  package var waitingTransactions: Int
  package var poolTransactions: Int
  package var poolBytes: Int
  /// What connected peers said last.
  package var peers: [PeerID: PeerStatus]
  package var connected: Set<PeerID>
}

extension Replica {
  package var status: ReplicaStatus {
    ReplicaStatus(
      view: consensus.view, leader: context.configuration.validators.leader(of: consensus.view),
      finalizedView: consensus.lastFinalized.view, committed: chain.committed,
      waitingTransactions: admission.waiting, poolTransactions: admission.count, poolBytes: admission.bytes,
      peers: peers.statuses, connected: peers.connected)
  }

  /// Votes of an earlier directory may exist: this node learns where the others stand before it votes.
  package var isListening: Bool { rejoin.isListening }

  /// Up to where the shell said the log is durable: the outbox goes by it.
  package var durablePosition: LogPosition { context.durable }

  /// Whether something is to become final: transactions that wait, or blocks that are not final yet (rule R13).
  package var hasOpenWork: Bool { consensus.hasWork }

  /// Lends the ledger state, for look-ups of what is settled.
  package func withLedger<Answer>(_ body: (borrowing LedgerState) -> Answer) -> Answer { body(chain.ledger) }

  /// A transaction that waits here.
  package func pending(_ id: Digest) -> SignedTransaction? { admission.transaction(id) }
}

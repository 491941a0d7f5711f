internal import Consensus
package import Ledger
package import Primitives

/// The status of a replica, for people and programs.
package struct ReplicaStatus: Sendable {
  package var epoch: Epoch
  package var view: View
  package var leader: ValidatorIndex
  package var finalizedView: View
  package var committed: ChainPoint
  package var waitingTransactions: Int
  package var poolTransactions: Int
  package var poolBytes: Int
  /// The last status that each connected peer sent.
  package var peers: [PeerID: PeerStatus]
  package var connected: Set<PeerID>
  /// The vote keys that the node holds and with which it would first listen in the next epoch.
  package var listeningKeys: Set<PublicKey>
}

extension Replica {
  package var status: ReplicaStatus {
    ReplicaStatus(
      epoch: context.epoch, view: consensus.view, leader: context.configuration.validators.leader(of: consensus.view),
      finalizedView: consensus.lastFinalized.view, committed: chain.committed,
      waitingTransactions: admission.waiting, poolTransactions: admission.count, poolBytes: admission.bytes,
      peers: peers.statuses, connected: peers.connected,
      listeningKeys: listeningKeys)
  }

  /// The vote keys that the node holds and with which it would first listen in the next epoch. A bar of the running epoch
  /// serves the next only once a block above it is final (R43), so who counts on a node looks ahead.
  package var listeningKeys: Set<PublicKey> {
    let next = Epoch(context.epoch.rawValue.addingReportingOverflow(1).partialValue)
    return Set(context.configuration.voteKeys.filter { rejoin.mustListen(with: $0, in: next) })
  }

  /// Whether this node first learns where the others are before it votes, because votes of an earlier directory may
  /// exist.
  package var isListening: Bool { rejoin.isListening }

  /// The position up to which the log is durable, as reported by the shell; the outbox depends on it.
  package var durablePosition: LogPosition { context.durable }

  /// Whether something remains to become final: waiting transactions, or blocks that are not final yet (rule R13).
  package var hasOpenWork: Bool { consensus.hasWork }

  /// Lends the ledger state for look-ups of settled data.
  package func withLedger<Answer: ~Copyable>(_ body: (borrowing LedgerState) -> Answer) -> Answer {
    body(chain.ledger)
  }

  /// Nil if the pool is empty. Looks at every member with a share, so ask seldom.
  package var largestShare: Mempool.LargestShare? { admission.largestShare }

  /// A transaction that waits in the pool of this node.
  package func pending(_ id: Digest) -> SignedTransaction? { admission.transaction(id) }
}

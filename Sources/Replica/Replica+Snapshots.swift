internal import Consensus
package import Ledger
package import Primitives

// Copying the state for a snapshot, and continuing from a fetched one.
extension Replica {
  // MARK: Creating a snapshot

  /// The block whose state waits to be copied; nil if there is none.
  package var pinnedPoint: ChainPoint? { chain.ledger.pinnedPoint }

  /// The greatest number of rows that may have to be copied.
  package var pinnedRowBound: Int { chain.ledger.pinnedRowBound }

  /// Copies a part of the pinned state. Returns false after the last part; the state is then no longer pinned.
  package mutating func copyPinned(
    _ cursor: inout PinnedCursor, rows: Int, into batch: inout StateEntryBatch
  ) -> Bool {
    let isMore = chain.ledger.copyPinned(&cursor, rows: rows, into: &batch)
    if !isMore { endPinning() }
    return isMore
  }

  /// Unpins the pinned state without copying the rest of it.
  package mutating func endPinning() { chain.withLedger { $0.unpin() } }

  // MARK: Continuing from a snapshot

  /// Continues from a state that was loaded from a snapshot whose manifest and chunks were verified. Does nothing and
  /// returns false if the node's own chain is already as far.
  package mutating func install(_ state: consuming LoadedState, now: Now, effects: inout ReplicaEffects) -> Bool {
    stateSync.loaded()
    guard stopped == nil, let proof = state.proof, proof.height > chain.committed.height else { return false }
    begin(now, &effects)
    chain.replace(ledger: state.ledger)
    blockSync.jumped()
    let point = chain.committed
    if let closing = Closing(proof, leadingTo: chain.ledger.settledConfiguration) {
      chain.closings.note(closing)
      context.effects.closings.append(closing)
    }
    proposals.reset()
    admission.rebase(chain)
    // The state counts the editions of its directory anew.
    followed = nil
    followDirectory()
    context.append(PendingRecord(BaseEntry(proof, chain: context.chain), height: point.height))
    stateSync.joined(point.height, &context)
    if isEpochOver { beginEpoch() }
    if proof.certificate.statement.epoch == context.epoch { blockSync.aim(at: proof.certificate) }
    feed(.certificate(proof.certificate))
    reportWork()
    goOn()
    end(&effects)
    return true
  }
}

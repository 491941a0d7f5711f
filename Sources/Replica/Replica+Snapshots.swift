internal import Consensus
package import Ledger
package import Primitives

// Copying the state out for a snapshot, and standing on one that was fetched.
extension Replica {
  // MARK: Making one

  /// The block whose state waits to be copied; nil if none does.
  package var pinnedPoint: ChainPoint? { chain.ledger.pinnedPoint }

  /// How many rows there are to copy, at most.
  package var pinnedRowBound: Int { chain.ledger.pinnedRowBound }

  /// Copies a piece of the pinned state. False, and nothing is pinned any more, after the last one.
  package mutating func copyPinned(
    _ cursor: inout PinnedCursor, rows: Int, into batch: inout StateEntryBatch
  ) -> Bool {
    let isMore = chain.ledger.copyPinned(&cursor, rows: rows, into: &batch)
    if !isMore { endPinning() }
    return isMore
  }

  /// Gives up what is pinned.
  package mutating func endPinning() { chain.withLedger { $0.unpin() } }

  // MARK: Standing on one

  /// Stands on a state that was loaded from a snapshot whose manifest and chunks were verified, and goes on from there.
  /// Nothing happens if the own chain is as far already.
  package mutating func install(_ state: consuming LoadedState, now: Now, effects: inout ReplicaEffects) {
    stateSync.reset()
    guard stopped == nil, let proof = state.proof, proof.height > chain.committed.height else { return }
    begin(now, &effects)
    chain.replace(ledger: state.ledger)
    let point = chain.committed
    proposals.reset()
    admission.rebase(chain)
    context.append(PendingRecord(BaseEntry(proof, chain: context.chain), height: point.height))
    context.notice(.joined(point.height))
    if case .finalize = proof.certificate.statement { blockSync.aim(at: proof.certificate) }
    feed(.certificate(proof.certificate))
    reportWork()
    goOn()
    end(&effects)
  }
}

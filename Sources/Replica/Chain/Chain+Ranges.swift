internal import Ledger
internal import Primitives

extension Chain {
  /// Commits the blocks of a range, which are in the tree, on the word of its certificate: one that is older than the
  /// target, or that covers more than came.
  mutating func commit(_ range: VerifiedRange, _ changes: inout Changes) throws(Fault) {
    guard let last = range.blocks.last else { return }
    if range.isLastCertified {
      try commit(range.finalization, &changes)
    } else {
      try commit(last.digest, result: range.lastResult, &changes)
    }
    // The log keeps it, after the blocks that it covers, so that these heights can prove their finality later.
    changes.records.append(PendingRecord(range.finalization, height: range.certifiedHeight))
  }
}

internal import Ledger
internal import Primitives

extension Chain {
  /// Commits the blocks of a range, which are in the tree, on the strength of its certificate, which may be older than
  /// the target or cover more than the blocks received.
  mutating func commit(_ range: VerifiedRange, _ changes: inout Changes) throws(Fault) {
    guard let last = range.blocks.last else { return }
    if range.isLastCertified {
      try commit(range.finalization, &changes)
    } else {
      try commit(last.digest, result: range.lastResult, &changes)
    }
    // The log keeps the certificate after the blocks that it covers, so that these heights can prove their finality
    // later.
    changes.records.append(PendingRecord(range.finalization, height: range.certifiedHeight))
  }
}

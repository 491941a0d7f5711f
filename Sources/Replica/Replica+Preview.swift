package import Ledger
package import Primitives

// Trying transactions without effect.
extension Replica {
  /// What a transaction would do above the newest block that this node has executed. Not a step: nothing changes, and
  /// nothing follows. A node that has stopped says why it knows nothing.
  package mutating func preview(
    _ draft: TransactionDraft, now: Timestamp
  ) throws(SubmissionRefusal) -> TransactionPreview {
    if let stopped { throw .notTaking(stopped) }
    return chain.withLedger { $0.preview(draft, now: now) }
  }
}

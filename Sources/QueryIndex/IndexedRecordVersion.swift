/// One version of an anchored record.
package struct IndexedRecordVersion: Hashable, Sendable {
  /// Counts from 1.
  package var version: UInt64
  package var place: IndexedPlace
  /// The operation in the transaction that anchored it, from 0.
  package var operation: Int
}

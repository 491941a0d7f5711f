/// What the index contains.
package struct IndexCounts: Hashable, Sendable {
  /// Transactions in all indexed blocks, including failed ones.
  package var transactions: UInt64 = 0
  package var failed: UInt64 = 0
  /// Pairs of an account and a transaction that names it.
  package var activities: UInt64 = 0
  package var recordVersions: UInt64 = 0
}

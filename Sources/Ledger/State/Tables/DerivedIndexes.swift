internal import Primitives

/// What is derived from the tables to find rows by more than their key.
struct DerivedIndexes: Sendable {
  /// The newest balance of each account, `BalanceRow.none` if it has none.
  var firstBalances: [UInt32] = []
  var keyHolders: [PublicKey: UInt32] = [:]
}

internal import Primitives

/// Look-ups derived from the tables, for finding rows by something other than their keys.
struct DerivedIndexes: Sendable {
  /// The newest balance row of each account; `BalanceRow.none` if it has none.
  var firstBalances: [UInt32] = []
  var keyHolders: [PublicKey: UInt32] = [:]
}

/// An account's balance of an asset. The row stays when the balance falls to zero, but then has no entry in the
/// state. 32 bytes, because no other row is used as often.
struct BalanceRow: StateRow, BitwiseCopyable {
  var amount: Amount
  var account: UInt32
  var asset: UInt32
  /// The row's leaf in the state map, or one that it once had; `MerkleMap.key(ofLeaf:at:)` tells which.
  var leaf: UInt32

  /// The leaf of a row that never had one.
  static let noLeaf = UInt32.max
  static func key(account: UInt32, asset: UInt32) -> UInt64 { UInt64(account) << 32 | UInt64(asset) }
  var key: UInt64 { Self.key(account: account, asset: asset) }

  func entry(in state: borrowing LedgerState) -> StateEntry? {
    guard amount != .zero else { return nil }
    // The names of slots never change.
    let (account, asset) = (state.accounts.rows[Int(account)].account.name, state.assets.rows[Int(asset)].asset.name)
    return .balance(account, asset: asset, amount: amount)
  }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {
    derived.uses.replace(row.account, wasZero: row.amount == .zero, isZero: (old?.amount ?? .zero) == .zero)
  }
}

internal import Primitives

/// An asset and the slot of its issuer.
struct AssetRow: StateRow {
  var asset: Asset
  var issuer: UInt32

  var key: Name { asset.name }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .asset(asset) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

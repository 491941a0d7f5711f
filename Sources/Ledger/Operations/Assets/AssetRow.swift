internal import Primitives

/// An asset, its terms, which have an entry of their own, and the slot of its issuer.
struct AssetRow: StateRow {
  var asset: Asset
  var terms = AssetTerms()
  var issuer: UInt32

  var key: Name { asset.name }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .asset(asset) }

  var termsEntry: StateEntry? { terms.isPlain ? nil : .assetTerms(asset.name, terms) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

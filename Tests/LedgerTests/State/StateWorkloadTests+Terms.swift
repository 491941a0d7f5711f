import Ledger
import Primitives
import Simulation

// Caps, freezes and new issuers of assets, and the closing of accounts.
extension StateWorkloadTests.Workload {
  /// Freezes end soon, because a history in which nothing can move proves little.
  mutating func termsOperation(_ model: LedgerModel) -> Operation {
    let frozen = model.assets.filter(\.value.isFrozen).keys.sorted()
    if chance(40), let asset = frozen.first { return .assetUnfreeze(asset: asset) }
    let asset = TestChain.name(asset())
    switch draw(16) {
    case 0..<8: return .accountClose(account: chance(70) ? empty(model) : TestChain.account(account()))
    case 8..<11:
      let supply = model.assets[asset]?.supply ?? 0
      // Often just enough, sometimes too little.
      let cap = supply.addingReportingOverflow(UInt128(draw(100_000)))
      return .assetCap(asset: asset, cap: Amount(chance(80) && !cap.overflow ? max(cap.partialValue, 1) : amount()))
    case 11..<14: return .assetHandOver(asset: asset, to: TestChain.name(["bank-a", "bank-b", "shop"][draw(3)]))
    case 14: return .assetFreeze(asset: asset)
    default: return .assetUnfreeze(asset: asset)
    }
  }

  /// An account below a member's own that has no balance, if there is one.
  private mutating func empty(_ model: LedgerModel) -> AccountName {
    let used = Set(model.holdings.filter { $0.value > 0 }.map(\.key.account))
    let found = model.accounts.keys.filter { $0 != AccountName($0.owner) && !used.contains($0) }.sorted()
    return found.isEmpty ? TestChain.account(account()) : found[draw(found.count)]
  }
}

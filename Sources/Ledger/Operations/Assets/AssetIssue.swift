internal import Primitives

/// Creates units. Requires the asset's issuer.
@frozen
public struct AssetIssue: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  public var to: AccountName
  public var amount: Amount
}

extension Operation {
  public static func assetIssue(asset: Name, to: AccountName, amount: Amount) -> Operation {
    .assetIssue(AssetIssue(asset: asset, to: to, amount: amount))
  }
}

extension AssetIssue: LedgerOperation, LedgerOperationView {
  typealias View = AssetIssue

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    to.encode(into: &writer)
    amount.encode(into: &writer)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    to = try AccountName(from: &reader, "to")
    amount = try Amount(positiveFrom: &reader)
  }

  var requiredAuthority: RequiredAuthority { .issuer(of: asset) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(to, movedAsset: asset) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let unit = state.assets.slot(of: asset) else { return .assetUnknown }
    guard let payee = state.openAccount(to) else { return .accountUnknown }
    let fault = state.issuerFault(unit, state.accounts.rows[Int(payee)].owner)
    guard fault == .applied else { return fault }
    guard !state.isFrozen(asset: unit) else { return .assetFrozen }
    let row = state.assets.rows[Int(unit)]
    if let cap = row.terms.cap {
      guard let room = cap.subtracting(row.asset.supply), amount <= room else { return .assetCapExceeded }
    }
    guard let supply = row.asset.supply.adding(amount) else { return .assetSupplyOverflow }
    let target = state.balance(payee, unit)
    guard let sum = state.balances.rows[Int(target)].amount.adding(amount) else { return .assetBalanceOverflow }
    state.assets.change(unit) { $0.asset.supply = supply }
    state.setBalance(target, sum)
    return .applied
  }
}

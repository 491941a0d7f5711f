internal import Primitives

/// Destroys units. Requires the asset's issuer and the account's owner.
@frozen
public struct AssetRetire: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  public var from: AccountName
  public var amount: Amount
}

extension Operation {
  public static func assetRetire(asset: Name, from: AccountName, amount: Amount) -> Operation {
    .assetRetire(AssetRetire(asset: asset, from: from, amount: amount))
  }
}

extension AssetRetire: LedgerOperation, LedgerOperationView {
  typealias View = AssetRetire

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    from.encode(into: &writer)
    amount.encode(into: &writer)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    from = try AccountName(from: &reader, "from")
    amount = try Amount(positiveFrom: &reader)
  }

  var requiredAuthority: RequiredAuthority { .issuerAndMember(issuerOf: asset, from.owner) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(from, movedAsset: asset) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let unit = state.assets.slot(of: asset) else { return .assetUnknown }
    guard let payer = state.openAccount(from) else { return .accountUnknown }
    let owner = state.accounts.rows[Int(payer)].owner
    let fault = state.issuerFault(unit, owner)
    guard fault == .applied else { return fault }
    guard state.signers.contains(owner) else { return .authorityMissing }
    guard !state.isFrozen(asset: unit) else { return .assetFrozen }
    guard !state.accounts.rows[Int(payer)].account.isFrozen else { return .accountFrozen }
    guard let source = state.balances.slot(of: BalanceRow.key(account: payer, asset: unit)),
      let rest = state.balances.rows[Int(source)].amount.subtracting(amount),
      let supply = state.assets.rows[Int(unit)].asset.supply.subtracting(amount)
    else { return .assetInsufficientFunds }
    state.assets.change(unit) { $0.asset.supply = supply }
    state.setBalance(source, rest)
    return .applied
  }
}

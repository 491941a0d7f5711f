internal import Primitives

/// Pays a held amount, or a part of it, to the payee. Requires the owner of `to` or the arbiter, before the hold expires; if
/// the payer is frozen or suspended, the arbiter.
@frozen
public struct HoldCapture: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  public var from: AccountName
  public var to: AccountName
  public var reference: HoldReference
  public var amount: Amount
  /// Whether the hold ends and what is left returns to the payer.
  public var closes: Bool
}

extension Operation {
  public static func holdCapture(
    asset: Name, from: AccountName, to: AccountName, reference: HoldReference, amount: Amount, closes: Bool
  ) -> Operation {
    .holdCapture(
      HoldCapture(asset: asset, from: from, to: to, reference: reference, amount: amount, closes: closes))
  }
}

extension HoldCapture: LedgerOperation, LedgerOperationView {
  typealias View = HoldCapture

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    from.encode(into: &writer)
    to.encode(into: &writer)
    reference.encode(into: &writer)
    amount.encode(into: &writer)
    writer.byte(closes ? 1 : 0)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    from = try AccountName(from: &reader, "from")
    to = try AccountName(from: &reader, "to")
    guard from != to else { throw .invalid(field: "to (must differ from the paying account)") }
    reference = try HoldReference(from: &reader)
    amount = try Amount(positiveFrom: &reader)
    closes = try reader.flag("closes")
  }

  var requiredAuthority: RequiredAuthority { .holdParty(terms, includingPayer: false) }
  private var terms: HoldTerms { HoldTerms(asset: asset, from: from, to: to, reference: reference) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(from, to, movedAsset: asset) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let slot = state.openHold(from, reference) else { return .holdUnknown }
    let hold = state.holds.rows[Int(slot)]
    guard state.has(hold, terms) else { return .holdOtherTerms }
    let owner = state.accounts.rows[Int(hold.payee)].owner
    guard !state.isSuspended(owner) else { return .memberSuspended }
    let arbiterActs = state.signers.contains(hold.arbiter)
    guard arbiterActs || state.signers.contains(owner) else { return .authorityMissing }
    guard !state.isFrozen(asset: hold.asset) else { return .assetFrozen }
    guard hold.expires > state.blockTime else { return .holdExpired }
    if !arbiterActs {
      let payer = state.accounts.rows[Int(hold.account)]
      guard !state.isSuspended(payer.owner) else { return .memberSuspended }
      guard !payer.account.isFrozen else { return .accountFrozen }
    }
    guard let rest = hold.amount.subtracting(amount) else { return .holdAmountExceeded }
    let target = state.balance(hold.payee, hold.asset)
    guard let sum = state.balances.rows[Int(target)].amount.adding(amount) else { return .assetBalanceOverflow }
    state.setBalance(target, sum)
    if Mutation.captureTwice.isOn { return .applied }
    if closes || rest == .zero {
      state.end(slot, returning: rest)
    } else {
      state.holds.change(slot) { $0.amount = rest }
    }
    return .applied
  }
}

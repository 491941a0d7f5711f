public import Primitives

/// Sets units aside for a payee until a time, under a reference that no open hold of the payer has. Requires the owner of
/// `from`.
@frozen
public struct HoldPlace: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  public var from: AccountName
  public var to: AccountName
  public var amount: Amount
  public var reference: HoldReference
  public var expires: Timestamp
  /// A member that may capture and release in the payee's place.
  public var arbiter: Name?
}

extension Operation {
  public static func holdPlace(
    asset: Name, from: AccountName, to: AccountName, amount: Amount, reference: HoldReference, expires: Timestamp,
    arbiter: Name? = nil
  ) -> Operation {
    .holdPlace(
      HoldPlace(
        asset: asset, from: from, to: to, amount: amount, reference: reference, expires: expires, arbiter: arbiter))
  }
}

extension HoldPlace: LedgerOperation, LedgerOperationView {
  typealias View = HoldPlace

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    from.encode(into: &writer)
    to.encode(into: &writer)
    amount.encode(into: &writer)
    reference.encode(into: &writer)
    writer.integer(expires.rawValue)
    writer.optionalName(arbiter)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    from = try AccountName(from: &reader, "from")
    to = try AccountName(from: &reader, "to")
    guard from != to else { throw .invalid(field: "to (must differ from the paying account)") }
    amount = try Amount(positiveFrom: &reader)
    reference = try HoldReference(from: &reader)
    expires = Timestamp(try reader.integer())
    arbiter = try reader.optionalName("arbiter")
  }

  var requiredAuthority: RequiredAuthority { .member(from.owner) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(from, to, movedAsset: asset) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let unit = state.assets.slot(of: asset) else { return .assetUnknown }
    guard let payer = state.openAccount(from), let payee = state.openAccount(to) else {
      return .accountUnknown
    }
    let owner = state.accounts.rows[Int(payer)].owner
    guard !state.isSuspended(owner), !state.isSuspended(state.accounts.rows[Int(payee)].owner) else {
      return .memberSuspended
    }
    guard state.signers.contains(owner) else { return .authorityMissing }
    var judge = HoldRow.noArbiter
    if let arbiter {
      guard let slot = state.members.slot(of: arbiter) else { return .memberUnknown }
      judge = slot
    }
    guard !state.isFrozen(asset: unit) else { return .assetFrozen }
    guard !state.accounts.rows[Int(payer)].account.isFrozen else { return .accountFrozen }
    guard expires > state.blockTime else { return .holdExpiryPassed }
    guard expires <= state.blockTime.advanced(byMilliseconds: Limits.holdMilliseconds) else {
      return .holdExpiryTooFar
    }
    let row = HoldRow(
      account: payer, payee: payee, asset: unit, arbiter: judge, reference: reference, amount: amount,
      expires: expires, placed: state.holdNumber)
    let ended = state.holds.slot(of: row.key)
    if let ended, !state.holds.rows[Int(ended)].isVacant { return .holdExists }
    guard let source = state.balances.slot(of: BalanceRow.key(account: payer, asset: unit)),
      let rest = state.balances.rows[Int(source)].amount.subtracting(amount)
    else { return .assetInsufficientFunds }
    state.setBalance(source, rest)
    state.open(row, ended: ended)
    return .applied
  }
}

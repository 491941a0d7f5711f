internal import Primitives

/// Returns what is held to the payer. Requires the owner of `to` or the arbiter; once the hold has expired, the owner of
/// `from` will do as well.
@frozen
public struct HoldRelease: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  public var from: AccountName
  public var to: AccountName
  public var reference: HoldReference
}

extension Operation {
  public static func holdRelease(
    asset: Name, from: AccountName, to: AccountName, reference: HoldReference
  ) -> Operation {
    .holdRelease(HoldRelease(asset: asset, from: from, to: to, reference: reference))
  }
}

extension HoldRelease: LedgerOperation, LedgerOperationView {
  typealias View = HoldRelease

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    from.encode(into: &writer)
    to.encode(into: &writer)
    reference.encode(into: &writer)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    from = try AccountName(from: &reader, "from")
    to = try AccountName(from: &reader, "to")
    guard from != to else { throw .invalid(field: "to (must differ from the paying account)") }
    reference = try HoldReference(from: &reader)
  }

  var requiredAuthority: RequiredAuthority { .holdParty(terms, includingPayer: true) }
  private var terms: HoldTerms { HoldTerms(asset: asset, from: from, to: to, reference: reference) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(from, to) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let slot = state.openHold(from, reference) else { return .holdUnknown }
    let hold = state.holds.rows[Int(slot)]
    guard state.has(hold, terms) else { return .holdOtherTerms }
    guard
      state.signers.contains(hold.arbiter)
        || state.signers.contains(state.accounts.rows[Int(hold.payee)].owner)
        || (hold.expires <= state.blockTime && state.signers.contains(state.accounts.rows[Int(hold.account)].owner))
    else { return .authorityMissing }
    state.end(slot, returning: hold.amount)
    return .applied
  }
}

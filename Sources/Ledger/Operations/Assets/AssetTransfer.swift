internal import Primitives

/// Moves units, with a memo of at most 64 bytes. Requires the owner of `from`.
public struct AssetTransfer: Hashable, Sendable {
  public var asset: Name
  public var from: AccountName
  public var to: AccountName
  public var amount: Amount
  public var memo: [UInt8]

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let asset: Name
    public let from: AccountName
    public let to: AccountName
    public let amount: Amount
    public let memo: ByteRange
  }
}

extension Operation {
  public static func assetTransfer(
    asset: Name, from: AccountName, to: AccountName, amount: Amount, memo: [UInt8] = []
  ) -> Operation {
    .assetTransfer(AssetTransfer(asset: asset, from: from, to: to, amount: amount, memo: memo))
  }
}

extension AssetTransfer: LedgerOperation {
  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    from.encode(into: &writer)
    to.encode(into: &writer)
    amount.encode(into: &writer)
    writer.mediumBytes(memo)
  }

  init(_ view: View, in buffer: RawSpan) {
    asset = view.asset
    from = view.from
    to = view.to
    amount = view.amount
    memo = view.memo.copy(from: buffer)
  }

  var touched: TouchedEntries { TouchedEntries(from, to, movedAsset: asset) }
}

extension AssetTransfer.View: LedgerOperationView {
  @inline(__always)
  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    from = try AccountName(from: &reader, "from")
    to = try AccountName(from: &reader, "to")
    guard from != to else { throw .invalid(field: "to (must differ from the paying account)") }
    amount = try Amount(positiveFrom: &reader)
    memo = try reader.mediumRange(limit: Limits.memoBytes, "memo")
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
    guard !state.isFrozen(asset: unit) else { return .assetFrozen }
    guard !state.accounts.rows[Int(payer)].account.isFrozen else { return .accountFrozen }
    guard let source = state.balances.slot(of: BalanceRow.key(account: payer, asset: unit)),
      let rest = state.balances.rows[Int(source)].amount.subtracting(amount)
    else { return .assetInsufficientFunds }
    let target = state.balance(payee, unit)
    guard let sum = state.balances.rows[Int(target)].amount.adding(amount) else { return .assetBalanceOverflow }
    state.setBalance(source, rest)
    state.setBalance(target, sum)
    return .applied
  }
}

internal import Primitives

// What the operations of assets share.
extension LedgerState {
  /// Why the issuer of `asset` cannot issue to or retire from an account of `owner`, if so.
  func issuerFault(_ asset: UInt32, _ owner: UInt32) -> OutcomeCode {
    let issuer = assets.rows[Int(asset)].issuer
    guard !isSuspended(issuer), !isSuspended(owner) else { return .memberSuspended }
    guard signers.contains(issuer) else { return .authorityMissing }
    return has(issuer, .issuer) ? .applied : .roleMissing
  }

  /// The slot of the account's balance, made if there is none.
  mutating func balance(_ account: UInt32, _ asset: UInt32) -> UInt32 {
    if let slot = balances.slot(of: BalanceRow.key(account: account, asset: asset)) { return slot }
    let slot = balances.create(
      BalanceRow(
        amount: .zero, account: account, asset: asset, next: derived.firstBalances[Int(account)], leaf: BalanceRow.none)
    )
    derived.firstBalances[Int(account)] = slot
    return slot
  }
}

extension Amount {
  /// Decodes an amount that an operation moves.
  @inline(__always)
  init(positiveFrom reader: inout Reader) throws(CodecError) {
    try self.init(from: &reader)
    guard self != .zero else { throw .invalid(field: "amount (must not be zero)") }
  }
}

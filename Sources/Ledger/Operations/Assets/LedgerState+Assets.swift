internal import Primitives

// Shared by the operations of assets.
extension LedgerState {
  /// The reason why the issuer of `asset` cannot issue to an account of `owner` or retire from it; `applied` if it
  /// can.
  func issuerFault(_ asset: UInt32, _ owner: UInt32) -> OutcomeCode {
    let issuer = assets.rows[Int(asset)].issuer
    guard !isSuspended(issuer), !isSuspended(owner) else { return .memberSuspended }
    guard signers.contains(issuer) else { return .authorityMissing }
    return has(issuer, .issuer) ? .applied : .roleMissing
  }

  /// The slot of the account's balance of the asset, which is created if it does not exist.
  mutating func balance(_ account: UInt32, _ asset: UInt32) -> UInt32 {
    if let slot = balances.slot(of: BalanceRow.key(account: account, asset: asset)) { return slot }
    return balances.create(
      BalanceRow(amount: .zero, account: account, asset: asset, leaf: BalanceRow.noLeaf))
  }
}

extension Amount {
  /// Decodes an amount that an operation moves, which must not be zero.
  @inline(__always)
  init(positiveFrom reader: inout Reader) throws(CodecError) {
    try self.init(from: &reader)
    guard self != .zero else { throw .invalid(field: "amount (must not be zero)") }
  }
}

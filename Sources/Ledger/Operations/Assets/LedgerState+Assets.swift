internal import Primitives

// Shared by the operations of assets.
extension LedgerState {
  /// The reason why the issuer of `asset` cannot act; `applied` if it can. If it issues to an account of `owner` or retires
  /// from it, `owner` must not be suspended either.
  func issuerFault(_ asset: UInt32, _ owner: UInt32? = nil) -> OutcomeCode {
    let issuer = assets.rows[Int(asset)].issuer
    guard !isSuspended(issuer), owner.map({ !isSuspended($0) }) ?? true else { return .memberSuspended }
    guard signers.contains(issuer) else { return .authorityMissing }
    return has(issuer, .issuer) ? .applied : .roleMissing
  }

  /// The slot of the account's balance of the asset, which is created if it does not exist.
  mutating func balance(_ account: UInt32, _ asset: UInt32) -> UInt32 {
    if let slot = balances.slot(of: BalanceRow.key(account: account, asset: asset)) { return slot }
    return balances.create(
      BalanceRow(amount: .zero, account: account, asset: asset, leaf: BalanceRow.noLeaf))
  }

  /// Changes a balance. Nothing else may, so that the accounts' uses stay counted.
  @inline(__always)
  mutating func setBalance(_ slot: UInt32, _ amount: Amount) {
    let row = balances.rows[Int(slot)]
    derived.uses.replace(row.account, wasZero: row.amount == .zero, isZero: amount == .zero)
    balances.change(slot) { $0.amount = amount }
  }

  /// Whether the units of an asset can move. Open holds can be released in any case.
  @inline(__always)
  func isFrozen(asset: UInt32) -> Bool { assets.rows[Int(asset)].terms.isFrozen }

  mutating func setFrozen(asset name: Name, _ isFrozen: Bool) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = assets.slot(of: name) else { return .assetUnknown }
    guard assets.rows[Int(slot)].terms.isFrozen != isFrozen else { return isFrozen ? .assetFrozen : .assetNotFrozen }
    assets.change(slot) { $0.terms.isFrozen = isFrozen }
    return .applied
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

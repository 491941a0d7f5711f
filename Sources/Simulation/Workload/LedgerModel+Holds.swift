package import Ledger
internal import Primitives

// Holds.
extension LedgerModel {
  /// What tells open holds apart.
  package struct HoldKey: Hashable, Comparable, Sendable {
    package var from: AccountName
    package var reference: HoldReference

    package init(_ from: AccountName, _ reference: HoldReference) {
      self.from = from
      self.reference = reference
    }

    package static func < (left: HoldKey, right: HoldKey) -> Bool {
      (left.from, left.reference) < (right.from, right.reference)
    }
  }

  mutating func place(_ operation: HoldPlace, _ acting: Set<Name>) -> OutcomeCode {
    guard let asset = assets[operation.asset] else { return .assetUnknown }
    guard let isFrozen = accounts[operation.from], accounts[operation.to] != nil else { return .accountUnknown }
    let payer = operation.from.owner
    if isSuspended(payer) || isSuspended(operation.to.owner) { return .memberSuspended }
    if !acting.contains(payer) { return .authorityMissing }
    if let arbiter = operation.arbiter, members[arbiter] == nil { return .memberUnknown }
    if asset.isFrozen { return .assetFrozen }
    if isFrozen { return .accountFrozen }
    guard operation.expires > blockTime else { return .holdExpiryPassed }
    if operation.expires.rawValue - blockTime.rawValue > Self.longestHold { return .holdExpiryTooFar }
    let key = HoldKey(operation.from, operation.reference)
    if holds[key] != nil { return .holdExists }
    guard debit(operation.amount.rawValue, of: operation.asset, from: operation.from) else {
      return .assetInsufficientFunds
    }
    holds[key] = Hold(
      from: operation.from, reference: operation.reference, to: operation.to, asset: operation.asset,
      amount: operation.amount, expires: operation.expires, arbiter: operation.arbiter,
      placed: HoldNumber(height: height, operation: self.operation))
    return .applied
  }

  mutating func capture(_ operation: HoldCapture, _ acting: Set<Name>) -> OutcomeCode {
    let key = HoldKey(operation.from, operation.reference)
    guard let hold = holds[key] else { return .holdUnknown }
    if hold.asset != operation.asset || hold.to != operation.to { return .holdOtherTerms }
    if isSuspended(hold.to.owner) { return .memberSuspended }
    let isJudged = hold.arbiter.map { acting.contains($0) } ?? false
    if !isJudged, !acting.contains(hold.to.owner) { return .authorityMissing }
    if assets[hold.asset]?.isFrozen == true { return .assetFrozen }
    if hold.expires <= blockTime { return .holdExpired }
    if !isJudged, isSuspended(hold.from.owner) { return .memberSuspended }
    if !isJudged, accounts[hold.from] == true { return .accountFrozen }
    let (amount, held) = (operation.amount.rawValue, hold.amount.rawValue)
    if amount > held { return .holdAmountExceeded }
    holdings[Holding(account: hold.to, asset: hold.asset), default: 0] += amount
    holds[key]?.amount = Amount(held - amount)
    if operation.closes || amount == held { end(key) }
    return .applied
  }

  mutating func release(_ operation: HoldRelease, _ acting: Set<Name>) -> OutcomeCode {
    let key = HoldKey(operation.from, operation.reference)
    guard let hold = holds[key] else { return .holdUnknown }
    if hold.asset != operation.asset || hold.to != operation.to { return .holdOtherTerms }
    var parties = Set([hold.to.owner])
    if let arbiter = hold.arbiter { parties.insert(arbiter) }
    if hold.expires <= blockTime { parties.insert(hold.from.owner) }
    if parties.isDisjoint(with: acting) { return .authorityMissing }
    end(key)
    return .applied
  }

  /// Returns holds that have expired, the first of them if there are many, and says which.
  @discardableResult
  package mutating func endBlock() -> [HoldKey] {
    let expired = holds.filter { $0.value.expires <= blockTime }.sorted { left, right in
      let (one, other) = (left.value, right.value)
      return (one.expires, one.placed.height, one.placed.operation)
        < (other.expires, other.placed.height, other.placed.operation)
    }
    let returned = expired.prefix(Self.returnedPerBlock).map(\.key)
    for key in returned { end(key) }
    return returned
  }

  /// What is left of the hold returns to the payer.
  private mutating func end(_ key: HoldKey) {
    guard let hold = holds.removeValue(forKey: key) else { return }
    holdings[Holding(account: hold.from, asset: hold.asset), default: 0] += hold.amount.rawValue
  }

  // Written out, so that a changed limit is noticed: 3,653 days, in milliseconds.
  private static var longestHold: UInt64 { 3653 * 86_400_000 }
  private static var returnedPerBlock: Int { 2000 }

  // MARK: Comparing

  /// The holds that a transaction may have changed.
  static func holds(of transaction: SignedTransaction) -> [HoldKey] {
    transaction.operations.compactMap { operation in
      switch operation {
      case .holdPlace(let place): HoldKey(place.from, place.reference)
      case .holdCapture(let capture): HoldKey(capture.from, capture.reference)
      case .holdRelease(let release): HoldKey(release.from, release.reference)
      case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore, .accountOpen, .accountFreeze, .accountUnfreeze,
        .accountClose, .assetDefine, .assetIssue, .assetRetire, .assetTransfer, .assetCap, .assetHandOver, .assetFreeze,
        .assetUnfreeze, .recordAnchor, .parameterSet, .directorySet,
        .directoryRemove, .validatorAdd, .validatorRemove, .validatorUpdate:
        nil
      }
    }
  }

  /// The first difference in what is held.
  func differenceInHolds(from state: borrowing LedgerState) -> String? {
    let view = LedgerView(of: state)
    let open = view.holds(.all, after: nil, limit: .max)
    if open.count != holds.count { return "\(open.count) holds are open, the model says \(holds.count)" }
    for (key, hold) in holds.sorted(by: { $0.key < $1.key }) {
      let entry = state.entry(.hold(key.from, key.reference))
      guard entry == .hold(hold), view.hold(key.from, key.reference) == hold else {
        return "hold \(key.reference) of \(key.from) is \(entry.map { "\($0)" } ?? "not open"), the model says \(hold)"
      }
    }
    return nil
  }
}

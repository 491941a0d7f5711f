package import Ledger
internal import Primitives

// What version 4 adds to assets, accounts and the admission of members.
extension LedgerModel {
  mutating func setCap(_ operation: AssetCap, _ acting: Set<Name>) -> OutcomeCode {
    guard let asset = assets[operation.asset] else { return .assetUnknown }
    if isSuspended(asset.issuer) { return .memberSuspended }
    if !acting.contains(asset.issuer) { return .authorityMissing }
    if !isIssuer(asset.issuer) { return .roleMissing }
    let cap = operation.cap.rawValue
    if let present = asset.cap, cap >= present { return .assetCapNotLower }
    if cap < asset.supply { return .assetCapBelowSupply }
    assets[operation.asset]?.cap = cap
    return .applied
  }

  mutating func handOver(_ operation: AssetHandOver, _ acting: Set<Name>) -> OutcomeCode {
    guard let asset = assets[operation.asset] else { return .assetUnknown }
    if members[operation.to] == nil { return .memberUnknown }
    if isSuspended(asset.issuer) || isSuspended(operation.to) { return .memberSuspended }
    if !acting.isSuperset(of: [asset.issuer, operation.to]) { return .authorityMissing }
    if !isIssuer(operation.to) { return .roleMissing }
    if asset.issuer == operation.to { return .assetSameIssuer }
    assets[operation.asset]?.issuer = operation.to
    return .applied
  }

  mutating func setFrozen(_ asset: Name, _ isFrozen: Bool, _ acting: Set<Name>) -> OutcomeCode {
    if !areAdministrators(acting) { return .administratorsMissing }
    guard let before = assets[asset]?.isFrozen else { return .assetUnknown }
    if before == isFrozen { return isFrozen ? .assetFrozen : .assetNotFrozen }
    assets[asset]?.isFrozen = isFrozen
    return .applied
  }

  mutating func close(_ account: AccountName, _ acting: Set<Name>) -> OutcomeCode {
    guard let isFrozen = accounts[account] else { return .accountUnknown }
    if isSuspended(account.owner) { return .memberSuspended }
    if !acting.contains(account.owner) { return .authorityMissing }
    if account == AccountName(account.owner) { return .accountMain }
    if isFrozen { return .accountFrozen }
    let hasBalance = holdings.contains { $0.key.account == account && $0.value > 0 }
    if hasBalance || holds.values.contains(where: { $0.from == account || $0.to == account }) {
      return .accountNotEmpty
    }
    accounts[account] = nil
    closed.insert(account)
    return .applied
  }

  /// Whether the administrators act, or a registrar may add the member.
  func mayAdd(_ operation: MemberAdd, _ acting: Set<Name>) -> Bool {
    if areAdministrators(acting) { return true }
    let governs = operation.authority.roles.contains(.administrator) || operation.authority.roles.contains(.registrar)
    return !governs && acting.contains { members[$0]?.roles.contains(.registrar) ?? false }
  }

  private func isIssuer(_ name: Name) -> Bool { members[name]?.roles.contains(.issuer) ?? false }

  /// The kind of a transaction's only operation, if it is one of those here.
  static func termsKind(of transaction: SignedTransaction) -> OperationKind? {
    let kinds = transaction.operations.map(\.kind)
    let terms: Set<OperationKind> = [
      .accountClose, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze, .memberAdd,
    ]
    guard kinds.count == 1, let kind = kinds.first, terms.contains(kind) else { return nil }
    return kind
  }

  /// The entry that the state must have of an asset's terms; nil if it must have none.
  package func terms(of name: Name) -> StateEntry? {
    guard let asset = assets[name], asset.cap != nil || asset.isFrozen else { return nil }
    return .assetTerms(name, AssetTerms(cap: asset.cap.map { Amount($0) }, isFrozen: asset.isFrozen))
  }

  /// The first difference in the terms and issuers of assets, and in what accounts there are no longer.
  func differenceInTerms(from state: borrowing LedgerState) -> String? {
    for account in closed.sorted() where accounts[account] == nil && state.settledAccount(account) != nil {
      return "account \(account) is in the state, although it was closed"
    }
    for (name, asset) in assets.sorted(by: { $0.key < $1.key }) {
      guard state.settledAsset(name)?.issuer == asset.issuer else {
        return "\(name) has another issuer than in the model"
      }
      let terms = state.settledTerms(ofAsset: name)
      guard terms?.cap?.rawValue == asset.cap, terms?.isFrozen == asset.isFrozen else {
        return "the terms of \(name) are others than the model's"
      }
    }
    return nil
  }
}

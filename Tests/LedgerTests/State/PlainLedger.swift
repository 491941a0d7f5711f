import Ledger
import Primitives

/// The ledger's rules written a second time, as plainly as possible: dictionaries of texts, copied whole to take
/// something back. It shares nothing with the state but the types of operations.
struct PlainLedger {
  struct Party {
    var roles: Roles
    var keys: Set<PublicKey>
    var threshold: Int
    var isSuspended = false
  }

  struct Unit {
    var issuer: String
    var supply: UInt128
  }

  var parties: [String: Party] = [:]
  var frozen: [String: Bool] = [:]
  var units: [String: Unit] = [:]
  /// By account, then asset.
  var holdings: [String: [String: UInt128]] = [:]
  var collectionOwners: [String: String] = [:]
  /// All versions of a record, oldest first.
  var records: [String: [Digest]] = [:]
  var administratorThreshold: Int

  init(_ genesis: Genesis) {
    administratorThreshold = Int(genesis.administratorThreshold)
    for member in genesis.members { admit("\(member.name)", member.authority) }
  }

  private mutating func admit(_ name: String, _ authority: MemberAuthority) {
    parties[name] = Party(
      roles: authority.roles, keys: Set(authority.keys), threshold: Int(authority.threshold))
    frozen[name] = false
  }

  /// Applies all or nothing; what the outcome must be.
  mutating func apply(_ transaction: SignedTransaction) -> TransactionOutcome {
    let before = self
    for (index, operation) in transaction.operations.enumerated() {
      let code = apply(operation, transaction.signatures)
      if code != .applied {
        self = before
        return TransactionOutcome(code: code, operation: UInt32(index))
      }
    }
    return .applied
  }

  private func acts(_ name: String, _ signatures: [TransactionSignature]) -> Bool {
    guard let party = parties[name], !party.isSuspended else { return false }
    return signatures.count { "\($0.member)" == name && party.keys.contains($0.key) } >= party.threshold
  }

  private func administer(_ signatures: [TransactionSignature]) -> Bool {
    parties.count { $0.value.roles.contains(.administrator) && acts($0.key, signatures) } >= administratorThreshold
  }

  private var activeAdministrators: Int {
    parties.values.count { $0.roles.contains(.administrator) && !$0.isSuspended }
  }

  private func owner(_ account: String) -> String { String(account.prefix { $0 != "/" }) }

  private func isSuspended(_ account: String) -> Bool { parties[owner(account)]?.isSuspended ?? true }

  private mutating func apply(_ operation: Operation, _ signatures: [TransactionSignature]) -> OutcomeCode {
    switch operation {
    case .assetTransfer(let transfer):
      return self.transfer(
        "\(transfer.asset)", "\(transfer.from)", "\(transfer.to)", transfer.amount.rawValue, signatures)
    case .assetIssue(let issue):
      return self.issue("\(issue.asset)", "\(issue.to)", issue.amount.rawValue, signatures)
    case .assetRetire(let retire):
      return self.retire("\(retire.asset)", "\(retire.from)", retire.amount.rawValue, signatures)
    case .assetDefine(let define):
      let (asset, issuer) = (define.asset, define.issuer)
      guard let party = parties["\(issuer)"] else { return .memberUnknown }
      if party.isSuspended { return .memberSuspended }
      if !acts("\(issuer)", signatures) { return .authorityMissing }
      if !party.roles.contains(.issuer) { return .roleMissing }
      if units["\(asset)"] != nil { return .assetExists }
      units["\(asset)"] = Unit(issuer: "\(issuer)", supply: 0)
      return .applied
    case .recordAnchor(let anchor):
      let (author, collection) = (anchor.author, anchor.collection)
      guard let party = parties["\(author)"] else { return .memberUnknown }
      if party.isSuspended { return .memberSuspended }
      if !acts("\(author)", signatures) { return .authorityMissing }
      if !party.roles.contains(.notary) { return .roleMissing }
      if let holder = collectionOwners["\(collection)"], holder != "\(author)" { return .recordForeignCollection }
      collectionOwners["\(collection)"] = "\(author)"
      records["\(collection) \(anchor.key)", default: []].append(anchor.content)
      return .applied
    case .accountOpen(let open):
      let account = open.account
      guard let party = parties[owner("\(account)")] else { return .memberUnknown }
      if party.isSuspended { return .memberSuspended }
      if !acts(owner("\(account)"), signatures) { return .authorityMissing }
      if party.roles.isDisjoint(with: [.participant, .issuer, .administrator]) { return .roleMissing }
      if frozen["\(account)"] != nil { return .accountExists }
      frozen["\(account)"] = false
      return .applied
    case .accountFreeze, .accountUnfreeze, .memberAdd, .memberUpdate, .memberSuspend, .memberRestore:
      return administer(signatures) ? administrate(operation) : .administratorsMissing
    }
  }

  private mutating func administrate(_ operation: Operation) -> OutcomeCode {
    switch operation {
    case .accountFreeze(let freeze):
      let account = freeze.account
      guard let isFrozen = frozen["\(account)"] else { return .accountUnknown }
      if isFrozen { return .accountFrozen }
      frozen["\(account)"] = true
    case .accountUnfreeze(let unfreeze):
      let account = unfreeze.account
      guard let isFrozen = frozen["\(account)"] else { return .accountUnknown }
      if !isFrozen { return .accountNotFrozen }
      frozen["\(account)"] = false
    case .memberAdd(let add):
      let (name, authority) = (add.name, add.authority)
      if parties["\(name)"] != nil { return .memberExists }
      if parties.values.contains(where: { !$0.keys.isDisjoint(with: authority.keys) }) { return .memberSharedKey }
      admit("\(name)", authority)
    case .memberUpdate(let update):
      let (name, authority) = (update.name, update.authority)
      guard var party = parties["\(name)"] else { return .memberUnknown }
      if parties.contains(where: { $0.key != "\(name)" && !$0.value.keys.isDisjoint(with: authority.keys) }) {
        return .memberSharedKey
      }
      let loses = party.roles.contains(.administrator) && !party.isSuspended
      if loses, !authority.roles.contains(.administrator), activeAdministrators - 1 < administratorThreshold {
        return .administratorsLockedOut
      }
      party.roles = authority.roles
      party.keys = Set(authority.keys)
      party.threshold = Int(authority.threshold)
      parties["\(name)"] = party
    case .memberSuspend(let suspend):
      let name = suspend.name
      guard let party = parties["\(name)"] else { return .memberUnknown }
      if party.isSuspended { return .memberSuspended }
      if party.roles.contains(.administrator), activeAdministrators - 1 < administratorThreshold {
        return .administratorsLockedOut
      }
      parties["\(name)"]?.isSuspended = true
    case .memberRestore(let restore):
      let name = restore.name
      guard let party = parties["\(name)"] else { return .memberUnknown }
      if !party.isSuspended { return .memberNotSuspended }
      parties["\(name)"]?.isSuspended = false
    default: preconditionFailure("\(operation.kind) is not administration")
    }
    return .applied
  }

  private mutating func transfer(
    _ asset: String, _ from: String, _ to: String, _ amount: UInt128, _ signatures: [TransactionSignature]
  ) -> OutcomeCode {
    guard units[asset] != nil else { return .assetUnknown }
    guard let isFrozen = frozen[from], frozen[to] != nil else { return .accountUnknown }
    if isSuspended(from) || isSuspended(to) { return .memberSuspended }
    if !acts(owner(from), signatures) { return .authorityMissing }
    if isFrozen { return .accountFrozen }
    if holdings[from, default: [:]][asset, default: 0] < amount { return .assetInsufficientFunds }
    holdings[from, default: [:]][asset, default: 0] -= amount
    holdings[to, default: [:]][asset, default: 0] += amount
    return .applied
  }

  private mutating func issue(
    _ asset: String, _ to: String, _ amount: UInt128, _ signatures: [TransactionSignature]
  ) -> OutcomeCode {
    guard let unit = units[asset] else { return .assetUnknown }
    guard frozen[to] != nil else { return .accountUnknown }
    if parties[unit.issuer]?.isSuspended ?? true || isSuspended(to) { return .memberSuspended }
    if !acts(unit.issuer, signatures) { return .authorityMissing }
    if !(parties[unit.issuer]?.roles.contains(.issuer) ?? false) { return .roleMissing }
    if UInt128.max - unit.supply < amount { return .assetSupplyOverflow }
    units[asset]?.supply += amount
    holdings[to, default: [:]][asset, default: 0] += amount
    return .applied
  }

  private mutating func retire(
    _ asset: String, _ from: String, _ amount: UInt128, _ signatures: [TransactionSignature]
  ) -> OutcomeCode {
    guard let unit = units[asset] else { return .assetUnknown }
    guard let isFrozen = frozen[from] else { return .accountUnknown }
    if parties[unit.issuer]?.isSuspended ?? true || isSuspended(from) { return .memberSuspended }
    if !acts(unit.issuer, signatures) { return .authorityMissing }
    if !(parties[unit.issuer]?.roles.contains(.issuer) ?? false) { return .roleMissing }
    if !acts(owner(from), signatures) { return .authorityMissing }
    if isFrozen { return .accountFrozen }
    if holdings[from, default: [:]][asset, default: 0] < amount { return .assetInsufficientFunds }
    units[asset]?.supply -= amount
    holdings[from, default: [:]][asset, default: 0] -= amount
    return .applied
  }
}

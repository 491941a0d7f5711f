internal import Cryptography
package import Ledger
package import Primitives

/// An independent model of the ledger's rules, in plain arithmetic over dictionaries: it gives the outcome that each
/// transaction must have.
///
/// It shares only the types of operations and entries with the state. Documentation/formats-state.md has the order of the
/// checks. The simulation compares every chain with the model, and the tests of the state every random history.
package struct LedgerModel {
  package struct Member {
    package var roles: Roles
    package var keys: Set<PublicKey>
    package var threshold: Int
    package var isSuspended = false
  }

  package struct Asset {
    package var issuer: Name
    package var supply: UInt128
    package var cap: UInt128?
    package var isFrozen = false
  }

  package struct Holding: Hashable {
    package var account: AccountName
    package var asset: Name
  }

  package struct Record: Hashable, Comparable {
    package var collection: CollectionName
    package var key: String

    package static func < (left: Record, right: Record) -> Bool {
      (left.collection, left.key) < (right.collection, right.key)
    }
  }

  package internal(set) var members: [Name: Member] = [:]
  /// All accounts, and whether they are frozen.
  package internal(set) var accounts: [AccountName: Bool] = [:]
  /// Accounts that were closed, opened again or not.
  package internal(set) var closed: Set<AccountName> = []
  package internal(set) var assets: [Name: Asset] = [:]
  /// What is available.
  package internal(set) var holdings: [Holding: UInt128] = [:]
  /// The open holds.
  package internal(set) var holds: [HoldKey: Hold] = [:]
  /// Collections and their owners.
  package private(set) var collections: [CollectionName: Name] = [:]
  /// The contents of all versions of each record, oldest first.
  package private(set) var records: [Record: [Digest]] = [:]
  var administratorThreshold: Int
  /// The configuration of the next block.
  package internal(set) var configuration: ChainConfiguration {
    didSet { configurationDigest = Self.digest(configuration, suite) }
  }
  /// Its digest, which an operation that changes it names.
  package private(set) var configurationDigest: Digest
  /// The nodes of the directory.
  package internal(set) var directory: [Name: DirectoryEntry]
  /// When validators' members last changed their vote keys without the administrators.
  package internal(set) var keyChanges: [Name: Timestamp] = [:]
  /// The digest of the configuration that the transaction found.
  private(set) var found = Digest.zero
  /// What the block found, and its time.
  private(set) var epochConfiguration: ChainConfiguration
  private(set) var foundDirectory: [Name: DirectoryEntry]
  package private(set) var blockTime: Timestamp
  /// The height of the block, and the number of the next operation in it.
  private(set) var height = Height.genesis
  private(set) var operation: UInt32 = 0
  /// An asset whose supply differs from the sum of what is available and held, if there is one.
  private(set) var imbalance: String?
  private var appliedSinceAudit = 0
  let suite: Suite

  package init(_ genesis: Genesis) {
    administratorThreshold = Int(genesis.administratorThreshold)
    suite = genesis.suite
    blockTime = genesis.timestamp
    configuration = genesis.configuration
    configurationDigest = Self.digest(genesis.configuration, genesis.suite)
    directory = Dictionary(
      uniqueKeysWithValues: genesis.validators.map {
        ($0.name, DirectoryEntry(name: $0.name, member: $0.member, pins: [$0.transportKey], addresses: [$0.address]))
      })
    epochConfiguration = genesis.configuration
    foundDirectory = directory
    for member in genesis.members {
      members[member.name] = Member(
        roles: member.authority.roles, keys: Set(member.authority.keys), threshold: Int(member.authority.threshold))
      accounts[AccountName(member.name)] = false
    }
  }

  private static func digest(_ configuration: ChainConfiguration, _ suite: Suite) -> Digest {
    var hash = HashFunction(suite)
    return configuration.digest(hash: &hash)
  }

  /// Notes that the transactions that follow are in the next block. `endBlock` must follow them.
  package mutating func beginBlock(at time: Timestamp) {
    blockTime = time
    height = Height(height.rawValue + 1)
    operation = 0
    epochConfiguration = configuration
    foundDirectory = directory
  }

  /// Applies all operations of a transaction or none.
  package mutating func apply(_ transaction: SignedTransaction) -> TransactionOutcome {
    found = configurationDigest
    var acting = actors(transaction.signatures)
    let operations = transaction.operations
    let first = operation
    defer { operation = first + UInt32(operations.count) }
    // A copy of everything is the simplest way to undo; most transactions are single transfers, which need none.
    let before = operations.count > 1 ? self : nil
    for (index, next) in operations.enumerated() {
      operation = first + UInt32(index)
      let code = apply(next, acting)
      guard code == .applied else {
        if let before { self = before }
        return TransactionOutcome(code: code, operation: UInt32(index))
      }
      // Changes of keys, roles and suspensions apply from the next operation on.
      if index + 1 < operations.count { acting = actors(transaction.signatures) }
    }
    appliedSinceAudit += 1
    if appliedSinceAudit >= 64 { audit() }
    return .applied
  }

  private func actors(_ signatures: [TransactionSignature]) -> Set<Name> {
    var counts: [Name: Int] = [:]
    for signature in signatures where members[signature.member]?.keys.contains(signature.key) ?? false {
      counts[signature.member, default: 0] += 1
    }
    return Set(
      counts.filter { name, count in
        guard let member = members[name] else { return false }
        return !member.isSuspended && count >= member.threshold
      }.keys)
  }

  func areAdministrators(_ acting: Set<Name>) -> Bool {
    acting.count { members[$0]?.roles.contains(.administrator) ?? false } >= administratorThreshold
  }

  func isSuspended(_ name: Name) -> Bool { members[name]?.isSuspended ?? true }

  private mutating func apply(_ operation: Operation, _ acting: Set<Name>) -> OutcomeCode {
    switch operation {
    case .assetTransfer(let transfer):
      return self.transfer(transfer.asset, transfer.from, transfer.to, transfer.amount.rawValue, acting)
    case .assetIssue(let issue): return self.issue(issue.asset, issue.to, issue.amount.rawValue, acting)
    case .assetRetire(let retire): return self.retire(retire.asset, retire.from, retire.amount.rawValue, acting)
    case .assetDefine(let define): return self.define(define.asset, define.issuer, acting)
    case .assetCap(let operation): return setCap(operation, acting)
    case .assetHandOver(let operation): return handOver(operation, acting)
    case .assetFreeze(let operation): return setFrozen(operation.asset, true, acting)
    case .assetUnfreeze(let operation): return setFrozen(operation.asset, false, acting)
    case .holdPlace(let operation): return place(operation, acting)
    case .holdCapture(let operation): return capture(operation, acting)
    case .holdRelease(let operation): return release(operation, acting)
    case .recordAnchor(let anchor):
      return self.anchor(
        anchor.author, Record(collection: anchor.collection, key: anchor.key), anchor.content, acting)
    case .accountOpen(let open): return self.open(open.account, acting)
    case .accountFreeze(let freeze): return setFrozen(freeze.account, true, acting)
    case .accountUnfreeze(let unfreeze): return setFrozen(unfreeze.account, false, acting)
    case .accountClose(let operation): return close(operation.account, acting)
    case .memberAdd(let operation): return mayAdd(operation, acting) ? add(operation) : .administratorsMissing
    case .memberUpdate(let operation): return areAdministrators(acting) ? update(operation) : .administratorsMissing
    case .memberSuspend(let operation):
      return areAdministrators(acting) ? suspend(operation.name) : .administratorsMissing
    case .memberRestore(let operation):
      return areAdministrators(acting) ? restore(operation.name) : .administratorsMissing
    case .parameterSet(let operation):
      return areAdministrators(acting) ? set(operation) : .administratorsMissing
    case .directorySet(let operation):
      return areAdministrators(acting) ? set(operation.node) : .administratorsMissing
    case .directoryRemove(let operation):
      return areAdministrators(acting) ? remove(operation) : .administratorsMissing
    case .validatorAdd(let operation): return areAdministrators(acting) ? add(operation) : .administratorsMissing
    case .validatorRemove(let operation):
      return areAdministrators(acting) ? remove(operation) : .administratorsMissing
    case .validatorUpdate(let operation): return update(operation, acting)
    }
  }

  private mutating func transfer(
    _ asset: Name, _ from: AccountName, _ to: AccountName, _ amount: UInt128, _ acting: Set<Name>
  ) -> OutcomeCode {
    guard let known = assets[asset] else { return .assetUnknown }
    guard let isFrozen = accounts[from], accounts[to] != nil else { return .accountUnknown }
    if isSuspended(from.owner) || isSuspended(to.owner) { return .memberSuspended }
    if !acting.contains(from.owner) { return .authorityMissing }
    if known.isFrozen { return .assetFrozen }
    if isFrozen { return .accountFrozen }
    guard debit(amount, of: asset, from: from) else { return .assetInsufficientFunds }
    holdings[Holding(account: to, asset: asset), default: 0] += amount
    return .applied
  }

  mutating func debit(_ amount: UInt128, of asset: Name, from account: AccountName) -> Bool {
    let holding = Holding(account: account, asset: asset)
    guard let balance = holdings[holding], balance >= amount else { return false }
    holdings[holding] = balance - amount
    return true
  }

  private func issuerFault(_ asset: Asset, _ owner: Name, _ acting: Set<Name>) -> OutcomeCode? {
    if isSuspended(asset.issuer) || isSuspended(owner) { return .memberSuspended }
    if !acting.contains(asset.issuer) { return .authorityMissing }
    if !(members[asset.issuer]?.roles.contains(.issuer) ?? false) { return .roleMissing }
    return nil
  }

  private mutating func issue(
    _ asset: Name, _ to: AccountName, _ amount: UInt128, _ acting: Set<Name>
  ) -> OutcomeCode {
    guard let known = assets[asset] else { return .assetUnknown }
    guard accounts[to] != nil else { return .accountUnknown }
    if let fault = issuerFault(known, to.owner, acting) { return fault }
    if known.isFrozen { return .assetFrozen }
    if let cap = known.cap, cap - known.supply < amount { return .assetCapExceeded }
    if UInt128.max - known.supply < amount { return .assetSupplyOverflow }
    assets[asset]?.supply += amount
    holdings[Holding(account: to, asset: asset), default: 0] += amount
    return .applied
  }

  private mutating func retire(
    _ asset: Name, _ from: AccountName, _ amount: UInt128, _ acting: Set<Name>
  ) -> OutcomeCode {
    guard let known = assets[asset] else { return .assetUnknown }
    guard let isFrozen = accounts[from] else { return .accountUnknown }
    if let fault = issuerFault(known, from.owner, acting) { return fault }
    if !acting.contains(from.owner) { return .authorityMissing }
    if known.isFrozen { return .assetFrozen }
    if isFrozen { return .accountFrozen }
    guard debit(amount, of: asset, from: from) else { return .assetInsufficientFunds }
    assets[asset]?.supply -= amount
    return .applied
  }

  private mutating func define(_ asset: Name, _ issuer: Name, _ acting: Set<Name>) -> OutcomeCode {
    guard let member = members[issuer] else { return .memberUnknown }
    if member.isSuspended { return .memberSuspended }
    if !acting.contains(issuer) { return .authorityMissing }
    if !member.roles.contains(.issuer) { return .roleMissing }
    if assets[asset] != nil { return .assetExists }
    assets[asset] = Asset(issuer: issuer, supply: 0)
    return .applied
  }

  private mutating func anchor(
    _ author: Name, _ record: Record, _ content: Digest, _ acting: Set<Name>
  ) -> OutcomeCode {
    guard let member = members[author] else { return .memberUnknown }
    if member.isSuspended { return .memberSuspended }
    if !acting.contains(author) { return .authorityMissing }
    if !member.roles.contains(.notary) { return .roleMissing }
    if let holder = collections[record.collection], holder != author { return .recordForeignCollection }
    collections[record.collection] = author
    records[record, default: []].append(content)
    return .applied
  }

  private mutating func open(_ account: AccountName, _ acting: Set<Name>) -> OutcomeCode {
    guard let member = members[account.owner] else { return .memberUnknown }
    if member.isSuspended { return .memberSuspended }
    if !acting.contains(account.owner) { return .authorityMissing }
    if member.roles.isDisjoint(with: [.participant, .issuer, .administrator]) { return .roleMissing }
    if accounts[account] != nil { return .accountExists }
    accounts[account] = false
    return .applied
  }

  private mutating func setFrozen(_ account: AccountName, _ isFrozen: Bool, _ acting: Set<Name>) -> OutcomeCode {
    if !areAdministrators(acting) { return .administratorsMissing }
    guard let before = accounts[account] else { return .accountUnknown }
    if before == isFrozen { return isFrozen ? .accountFrozen : .accountNotFrozen }
    accounts[account] = isFrozen
    return .applied
  }

  // MARK: Reads

  /// The holdings that a transaction may have changed.
  static func holdings(of transaction: SignedTransaction) -> [Holding] {
    transaction.operations.flatMap { operation -> [Holding] in
      switch operation {
      case .assetTransfer(let transfer):
        [
          Holding(account: transfer.from, asset: transfer.asset),
          Holding(account: transfer.to, asset: transfer.asset),
        ]
      case .assetIssue(let issue): [Holding(account: issue.to, asset: issue.asset)]
      case .assetRetire(let retire): [Holding(account: retire.from, asset: retire.asset)]
      case .holdPlace(let place): [Holding(account: place.from, asset: place.asset)]
      case .holdCapture(let capture):
        [Holding(account: capture.from, asset: capture.asset), Holding(account: capture.to, asset: capture.asset)]
      case .holdRelease(let release): [Holding(account: release.from, asset: release.asset)]
      case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore, .accountOpen, .accountFreeze, .accountUnfreeze,
        .accountClose, .assetDefine, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze, .recordAnchor,
        .parameterSet, .directorySet, .directoryRemove, .validatorAdd, .validatorRemove,
        .validatorUpdate:
        []
      }
    }
  }

  // MARK: Totals

  /// Checks that the supply of every asset is the sum of what is available and held.
  private mutating func audit() {
    appliedSinceAudit = 0
    var sums: [Name: UInt128] = [:]
    for (holding, amount) in holdings { sums[holding.asset, default: 0] += amount }
    for hold in holds.values { sums[hold.asset, default: 0] += hold.amount.rawValue }
    for asset in assets.keys.sorted() where sums[asset, default: 0] != assets[asset]?.supply {
      imbalance = "the holders of \(asset) have \(sums[asset, default: 0]), its supply is another"
    }
  }

  /// The first difference between the model and `state`, all of whose blocks are settled.
  func difference(from state: borrowing LedgerState) -> String? {
    var sums: [Name: UInt128] = [:]
    for account in accounts.keys.sorted() {
      guard let known = state.settledAccount(account) else { return "account \(account) is not in the state" }
      if known.isFrozen != accounts[account] { return "account \(account) is frozen in one place only" }
      for asset in assets.keys.sorted() {
        let amount = state.settledBalance(account, asset: asset).rawValue
        sums[asset, default: 0] += amount
        let expected = holdings[Holding(account: account, asset: asset)] ?? 0
        if amount != expected { return "\(account) has \(amount) of \(asset), the model says \(expected)" }
      }
    }
    if let difference = differenceInTerms(from: state) { return difference }
    if let difference = differenceInHolds(from: state) { return difference }
    for hold in holds.values { sums[hold.asset, default: 0] += hold.amount.rawValue }
    for asset in assets.keys.sorted() {
      guard let known = state.settledAsset(asset) else { return "asset \(asset) is not in the state" }
      if known.supply.rawValue != assets[asset]?.supply || known.supply.rawValue != sums[asset, default: 0] {
        return "the supply of \(asset) is \(known.supply), its holders have \(sums[asset, default: 0])"
      }
    }
    for (record, contents) in records.sorted(by: { $0.key < $1.key }) {
      let known = state.settledRecord(record.collection, key: record.key)
      if known?.version != UInt64(contents.count) || known?.content != contents.last {
        return "the record \(record.key) of \(record.collection) is another than the model's"
      }
    }
    for (collection, owner) in collections.sorted(by: { $0.key < $1.key })
    where state.settledOwner(of: collection) != owner {
      return "the collection \(collection) is not \(owner)'s"
    }
    return differenceInEpochs(from: state)
  }
}

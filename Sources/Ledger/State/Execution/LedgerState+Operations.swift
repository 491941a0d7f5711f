internal import Cryptography
internal import Primitives

// What each operation does and why it may fail. The first reason in the order of the checks is the outcome, and
// outcomes are hashed: the order is part of the format (Documentation/formats-state.md).
extension LedgerState {
  mutating func apply(_ operation: OperationView, _ buffer: RawSpan) -> OutcomeCode {
    switch operation {
    case .assetTransfer(let asset, let from, let to, let amount, _):
      transfer(asset, from, to, amount)
    case .assetIssue(let asset, let to, let amount): issue(asset, to, amount)
    case .assetRetire(let asset, let from, let amount): retire(asset, from, amount)
    case .assetDefine(let asset, let issuer, let decimals, let description):
      define(asset, issuer, decimals, description, buffer)
    case .recordAnchor(let author, let collection, let key, let content, let metadata):
      anchor(author, collection, key, content, metadata, buffer)
    case .accountOpen(let account, let description): open(account, description, buffer)
    case .accountFreeze(let account): setFrozen(account, true)
    case .accountUnfreeze(let account): setFrozen(account, false)
    case .memberAdd(let name, let description, let authority):
      addMember(name, description, authority, buffer)
    case .memberUpdate(let name, let authority): updateMember(name, authority, buffer)
    case .memberSuspend(let name, let reason): suspend(name, reason, buffer)
    case .memberRestore(let name): restore(name)
    }
  }

  // MARK: Assets

  private mutating func transfer(
    _ assetName: Name, _ from: AccountName, _ to: AccountName, _ amount: Amount
  ) -> OutcomeCode {
    guard let asset = assets.slot(of: assetName) else { return .assetUnknown }
    guard let payer = accounts.slot(of: from), let payee = accounts.slot(of: to) else { return .accountUnknown }
    let owner = accounts.rows[Int(payer)].owner
    guard !isSuspended(owner), !isSuspended(accounts.rows[Int(payee)].owner) else { return .memberSuspended }
    guard signers.contains(owner) else { return .authorityMissing }
    guard !accounts.rows[Int(payer)].account.isFrozen else { return .accountFrozen }
    guard let source = balances.slot(of: BalanceRow.key(account: payer, asset: asset)),
      let rest = balances.rows[Int(source)].amount.subtracting(amount)
    else { return .assetInsufficientFunds }
    let target = balance(payee, asset)
    guard let sum = balances.rows[Int(target)].amount.adding(amount) else { return .assetBalanceOverflow }
    balances.change(source) { $0.amount = rest }
    balances.change(target) { $0.amount = sum }
    return .applied
  }

  private mutating func issue(_ assetName: Name, _ to: AccountName, _ amount: Amount) -> OutcomeCode {
    guard let asset = assets.slot(of: assetName) else { return .assetUnknown }
    guard let payee = accounts.slot(of: to) else { return .accountUnknown }
    let fault = issuerFault(asset, accounts.rows[Int(payee)].owner)
    guard fault == .applied else { return fault }
    guard let supply = assets.rows[Int(asset)].asset.supply.adding(amount) else { return .assetSupplyOverflow }
    let target = balance(payee, asset)
    guard let sum = balances.rows[Int(target)].amount.adding(amount) else { return .assetBalanceOverflow }
    assets.change(asset) { $0.asset.supply = supply }
    balances.change(target) { $0.amount = sum }
    return .applied
  }

  private mutating func retire(_ assetName: Name, _ from: AccountName, _ amount: Amount) -> OutcomeCode {
    guard let asset = assets.slot(of: assetName) else { return .assetUnknown }
    guard let payer = accounts.slot(of: from) else { return .accountUnknown }
    let owner = accounts.rows[Int(payer)].owner
    let fault = issuerFault(asset, owner)
    guard fault == .applied else { return fault }
    guard signers.contains(owner) else { return .authorityMissing }
    guard !accounts.rows[Int(payer)].account.isFrozen else { return .accountFrozen }
    guard let source = balances.slot(of: BalanceRow.key(account: payer, asset: asset)),
      let rest = balances.rows[Int(source)].amount.subtracting(amount),
      let supply = assets.rows[Int(asset)].asset.supply.subtracting(amount)
    else { return .assetInsufficientFunds }
    assets.change(asset) { $0.asset.supply = supply }
    balances.change(source) { $0.amount = rest }
    return .applied
  }

  /// Why the issuer of `asset` cannot issue to or retire from an account of `owner`, if so.
  private func issuerFault(_ asset: UInt32, _ owner: UInt32) -> OutcomeCode {
    let issuer = assets.rows[Int(asset)].issuer
    guard !isSuspended(issuer), !isSuspended(owner) else { return .memberSuspended }
    guard signers.contains(issuer) else { return .authorityMissing }
    return has(issuer, .issuer) ? .applied : .roleMissing
  }

  private mutating func define(
    _ name: Name, _ issuer: Name, _ decimals: UInt8, _ description: ByteRange, _ buffer: RawSpan
  ) -> OutcomeCode {
    guard let member = members.slot(of: issuer) else { return .memberUnknown }
    guard !isSuspended(member) else { return .memberSuspended }
    guard signers.contains(member) else { return .authorityMissing }
    guard has(member, .issuer) else { return .roleMissing }
    guard assets.slot(of: name) == nil else { return .assetExists }
    let asset = Asset(
      name: name, issuer: issuer, decimals: decimals, description: description.text(in: buffer), supply: .zero)
    assets.create(AssetRow(asset: asset, issuer: member))
    return .applied
  }

  /// The slot of the account's balance, made if there is none.
  private mutating func balance(_ account: UInt32, _ asset: UInt32) -> UInt32 {
    if let slot = balances.slot(of: BalanceRow.key(account: account, asset: asset)) { return slot }
    let slot = balances.create(
      BalanceRow(
        amount: .zero, account: account, asset: asset, next: firstBalances[Int(account)], leaf: BalanceRow.none))
    firstBalances[Int(account)] = slot
    return slot
  }

  // MARK: Records

  private mutating func anchor(
    _ author: Name, _ collection: CollectionName, _ keyRange: ByteRange, _ content: Digest,
    _ metadata: ByteRange, _ buffer: RawSpan
  ) -> OutcomeCode {
    guard let member = members.slot(of: author) else { return .memberUnknown }
    guard !isSuspended(member) else { return .memberSuspended }
    guard signers.contains(member) else { return .authorityMissing }
    guard has(member, .notary) else { return .roleMissing }
    if let slot = collections.slot(of: collection) {
      guard collections.rows[Int(slot)].owner == member else { return .recordForeignCollection }
    } else {
      collections.create(CollectionRow(name: collection, owner: member))
    }
    let key = RecordRow.Key(collection: collection, key: keyRange.copy(from: buffer))
    var record = RecordVersion(
      collection: collection, key: keyRange.text(in: buffer), version: 1, author: author, content: content,
      metadata: metadata.copy(from: buffer), time: blockTime)
    guard let slot = records.slot(of: key) else {
      records.create(RecordRow(key: key, record: record))
      return .applied
    }
    let old = records.rows[Int(slot)].record
    let (version, overflow) = old.version.addingReportingOverflow(1)
    guard !overflow else { return .recordVersionOverflow }
    record.version = version
    recordVersions.create(RecordVersionRow(slot: slot, record: old))
    records.change(slot) { $0.record = record }
    return .applied
  }

  // MARK: Accounts

  private mutating func open(
    _ name: AccountName, _ description: ByteRange, _ buffer: RawSpan
  ) -> OutcomeCode {
    guard let owner = members.slot(of: name.owner) else { return .memberUnknown }
    guard !isSuspended(owner) else { return .memberSuspended }
    guard signers.contains(owner) else { return .authorityMissing }
    guard has(owner, .participant) || has(owner, .issuer) || has(owner, .administrator) else {
      return .roleMissing
    }
    guard accounts.slot(of: name) == nil else { return .accountExists }
    addAccount(name, description.text(in: buffer), owner)
    return .applied
  }

  private mutating func addAccount(_ name: AccountName, _ description: String, _ owner: UInt32) {
    accounts.create(
      AccountRow(account: Account(name: name, description: description, isFrozen: false), owner: owner))
    firstBalances.append(BalanceRow.none)
  }

  private mutating func setFrozen(_ name: AccountName, _ isFrozen: Bool) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = accounts.slot(of: name) else { return .accountUnknown }
    guard accounts.rows[Int(slot)].account.isFrozen != isFrozen else {
      return isFrozen ? .accountFrozen : .accountNotFrozen
    }
    accounts.change(slot) { $0.account.isFrozen = isFrozen }
    return .applied
  }

  // MARK: Members

  private mutating func addMember(
    _ name: Name, _ description: ByteRange, _ view: MemberAuthorityView, _ buffer: RawSpan
  ) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard members.slot(of: name) == nil else { return .memberExists }
    let authority = MemberAuthority(view, in: buffer)
    let fault = keyFault(authority.keys, of: nil)
    guard fault == .applied else { return fault }
    admit(
      Member(name: name, description: description.text(in: buffer), authority: authority, suspension: nil))
    return .applied
  }

  /// Adds a member and the account named like it.
  mutating func admit(_ member: Member) {
    let slot = members.create(member)
    for key in member.authority.keys { keyHolders[key] = slot }
    addAccount(AccountName(member.name), "", slot)
  }

  private mutating func updateMember(
    _ name: Name, _ view: MemberAuthorityView, _ buffer: RawSpan
  ) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = members.slot(of: name) else { return .memberUnknown }
    let authority = MemberAuthority(view, in: buffer)
    let fault = keyFault(authority.keys, of: slot)
    guard fault == .applied else { return fault }
    let wasAdministrator = members.rows[Int(slot)].isActiveAdministrator
    guard !wasAdministrator || authority.roles.contains(.administrator) || canLoseAdministrator else {
      return .administratorsLockedOut
    }
    for key in members.rows[Int(slot)].authority.keys { keyHolders.removeValue(forKey: key) }
    for key in authority.keys { keyHolders[key] = slot }
    members.change(slot) { $0.authority = authority }
    return .applied
  }

  private mutating func suspend(_ name: Name, _ reason: ByteRange, _ buffer: RawSpan) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = members.slot(of: name) else { return .memberUnknown }
    guard !isSuspended(slot) else { return .memberSuspended }
    guard !members.rows[Int(slot)].isActiveAdministrator || canLoseAdministrator else {
      return .administratorsLockedOut
    }
    members.change(slot) { $0.suspension = reason.text(in: buffer) }
    return .applied
  }

  private mutating func restore(_ name: Name) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = members.slot(of: name) else { return .memberUnknown }
    guard isSuspended(slot) else { return .memberNotSuspended }
    members.change(slot) { $0.suspension = nil }
    return .applied
  }

  /// Why these keys cannot become those of the member in `slot`, if so.
  private func keyFault(_ keys: [PublicKey], of slot: UInt32?) -> OutcomeCode {
    for key in keys {
      guard key.isValid(chain.suite) else { return .memberInvalidKey }
      guard let holder = keyHolders[key] else { continue }
      guard holder == slot else { return .memberSharedKey }
    }
    return .applied
  }

  // MARK: Who may

  private func isSuspended(_ member: UInt32) -> Bool { members.rows[Int(member)].isSuspended }

  private func has(_ member: UInt32, _ role: Roles) -> Bool {
    members.rows[Int(member)].authority.roles.contains(role)
  }

  private var administratorsAct: Bool { signers.administrators >= parameters.administratorThreshold }

  /// Whether one active administrator fewer would still be enough.
  private var canLoseAdministrator: Bool {
    members.rows.count { $0.isActiveAdministrator } > Int(parameters.administratorThreshold)
  }
}

extension PublicKey {
  /// Whether the suite has this key.
  fileprivate func isValid(_ suite: Suite) -> Bool {
    do throws(CryptoError) {
      try check(suite)
      return true
    } catch {
      // Anything else would make this node differ from the others.
      guard case .publicKey = error else { preconditionFailure("a key cannot be checked: \(error.explanation)") }
      return false
    }
  }
}

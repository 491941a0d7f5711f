internal import Cryptography
internal import Ledger
internal import Primitives

// The members, and the settings of the chain.
extension LedgerModel {
  mutating func add(_ operation: MemberAdd) -> OutcomeCode {
    if members[operation.name] != nil { return .memberExists }
    if isShared(operation.authority.keys, by: nil) { return .memberSharedKey }
    members[operation.name] = Member(
      roles: operation.authority.roles, keys: Set(operation.authority.keys),
      threshold: Int(operation.authority.threshold))
    accounts[AccountName(operation.name)] = false
    return .applied
  }

  mutating func update(_ operation: MemberUpdate) -> OutcomeCode {
    let authority = operation.authority
    guard let member = members[operation.name] else { return .memberUnknown }
    if isShared(authority.keys, by: operation.name) { return .memberSharedKey }
    let staysAdministrator = authority.roles.contains(.administrator)
    if isActiveAdministrator(member), !staysAdministrator, !canLoseAdministrator { return .administratorsLockedOut }
    members[operation.name] = Member(
      roles: authority.roles, keys: Set(authority.keys), threshold: Int(authority.threshold),
      isSuspended: member.isSuspended)
    return .applied
  }

  mutating func suspend(_ name: Name) -> OutcomeCode {
    guard let member = members[name] else { return .memberUnknown }
    if member.isSuspended { return .memberSuspended }
    if isActiveAdministrator(member), !canLoseAdministrator { return .administratorsLockedOut }
    members[name]?.isSuspended = true
    return .applied
  }

  mutating func restore(_ name: Name) -> OutcomeCode {
    guard let member = members[name] else { return .memberUnknown }
    if !member.isSuspended { return .memberNotSuspended }
    members[name]?.isSuspended = false
    return .applied
  }

  private func isShared(_ keys: [PublicKey], by member: Name?) -> Bool {
    members.contains { $0.key != member && !$0.value.keys.isDisjoint(with: keys) }
  }

  private func isActiveAdministrator(_ member: Member) -> Bool {
    member.roles.contains(.administrator) && !member.isSuspended
  }

  private var canLoseAdministrator: Bool {
    members.values.count { isActiveAdministrator($0) } > administratorThreshold
  }

  // MARK: Parameters

  /// Of those outside the configuration only the threshold decides about outcomes; the others decide which blocks and
  /// transactions are taken.
  mutating func set(_ operation: ParameterSet) -> OutcomeCode {
    let value = operation.value
    switch operation.parameter {
    case .administratorThreshold:
      guard value <= members.values.count(where: isActiveAdministrator) else { return .administratorsLockedOut }
      administratorThreshold = Int(value)
    case .blockBytes, .blockOperations, .validityMilliseconds: break
    case .leaderTimeoutMilliseconds:
      guard operation.configuration == found else { return .configurationOutdated }
      configuration.leaderTimeoutMilliseconds = UInt32(value)
    case .rulesVersion:
      guard operation.configuration == found else { return .configurationOutdated }
      guard value == UInt64(epochConfiguration.rulesVersion) + 1 else { return .rulesVersionNotNext }
      configuration.rulesVersion = UInt16(value)
    }
    return .applied
  }
}

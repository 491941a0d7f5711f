public import Primitives

/// The reason why a transaction cannot be in a block now. It is refused and leaves no trace.
public enum AdmissionFault: Error, Hashable, Sendable {
  /// An operation belongs to a later version of the rules than that of the chain's epoch.
  case laterRules(UInt16, chain: UInt16)
  /// The transaction is no longer valid.
  case expired(validUntil: Timestamp, time: Timestamp)
  /// The transaction would have to be remembered for too long.
  case tooFarAhead(validUntil: Timestamp, latest: Timestamp)
  case alreadyApplied(Digest)
  case unknownMember(Name)
  case suspendedMember(Name)
  /// A signature was made with a key that is not one of the member's.
  case foreignKey(Name, PublicKey)
  /// The transaction would fail: the operation at this index lacks signatures.
  case missingAuthority(operation: Int, OutcomeCode)
  /// The transaction would fail: the operation at this index acts for a member that does not exist.
  case noSuchMember(operation: Int, Name)
}

extension AdmissionFault: ExplainedError {
  public var code: String {
    switch self {
    case .laterRules: "admission.later-rules"
    case .expired: "admission.expired"
    case .tooFarAhead: "admission.too-far-ahead"
    case .alreadyApplied: "admission.already-applied"
    case .unknownMember: "admission.unknown-member"
    case .suspendedMember: "admission.suspended-member"
    case .foreignKey: "admission.foreign-key"
    case .missingAuthority: "admission.missing-authority"
    case .noSuchMember: "admission.no-such-member"
    }
  }

  public var explanation: String {
    switch self {
    case .laterRules(let rules, let chain):
      "the transaction has an operation of version \(rules) of the rules; the chain follows version \(chain)"
    case .expired(let validUntil, let time):
      "the transaction was valid until \(validUntil.iso8601); it is now \(time.iso8601)"
    case .tooFarAhead(let validUntil, let latest):
      "the transaction is valid until \(validUntil.iso8601); the latest time allowed now is \(latest.iso8601)"
    case .alreadyApplied(let id): "transaction \(id) is already in the chain"
    case .unknownMember(let name): "the signer \(name) is not a member"
    case .suspendedMember(let name): "the signer \(name) is suspended"
    case .foreignKey(let name, let key): "the key \(key) does not belong to \(name)"
    case .missingAuthority(let operation, let code): "operation \(operation): \(code.explanation)"
    case .noSuchMember(let operation, let name):
      "operation \(operation) acts for \(name), but there is no member of that name"
    }
  }

  public var nextStep: String {
    switch self {
    case .laterRules:
      "have the administrators raise the chain's version of the rules: roadbed parameter set rulesVersion"
    case .expired: "build it again with a later validUntil and sign it; it will have a new id"
    case .tooFarAhead:
      "build it again with a validUntil that is not so far ahead, and sign it; the chain's parameters say how far"
    case .alreadyApplied: "ask for its receipt; there is nothing else to do"
    case .unknownMember, .foreignKey: "sign with a key that the chain lists for the member"
    case .suspendedMember: "ask the administrators why; the member's state gives the reason"
    case .missingAuthority: "collect the signatures that the operation needs"
    case .noSuchMember: "check the spelling of the name; a new member must be added by an earlier operation"
    }
  }
}

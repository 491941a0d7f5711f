public import Primitives

/// Why a transaction cannot be in a block now, so that it is refused and leaves no trace.
public enum AdmissionFault: Error, Hashable, Sendable {
  /// Its time is over.
  case expired(validUntil: Timestamp, time: Timestamp)
  /// It could be remembered for too long.
  case tooFarAhead(validUntil: Timestamp, latest: Timestamp)
  case alreadyApplied(Digest)
  case unknownMember(Name)
  case suspendedMember(Name)
  /// It is signed with a key that is not one of the member's.
  case foreignKey(Name, PublicKey)
  /// It would fail: the operation at this index needs signatures that it does not have.
  case missingAuthority(operation: Int, OutcomeCode)
}

extension AdmissionFault: ExplainedError {
  public var code: String {
    switch self {
    case .expired: "admission.expired"
    case .tooFarAhead: "admission.too-far-ahead"
    case .alreadyApplied: "admission.already-applied"
    case .unknownMember: "admission.unknown-member"
    case .suspendedMember: "admission.suspended-member"
    case .foreignKey: "admission.foreign-key"
    case .missingAuthority: "admission.missing-authority"
    }
  }

  public var explanation: String {
    switch self {
    case .expired(let validUntil, let time):
      "the transaction was valid until \(validUntil.rawValue) ms, it is \(time.rawValue) ms now"
    case .tooFarAhead(let validUntil, let latest):
      "the transaction is valid until \(validUntil.rawValue) ms, the latest allowed now is \(latest.rawValue) ms"
    case .alreadyApplied(let id): "transaction \(id) is in the chain already"
    case .unknownMember(let name): "the signer \(name) is not a member"
    case .suspendedMember(let name): "the signer \(name) is suspended"
    case .foreignKey(let name, let key): "the key \(key) is not one of \(name)"
    case .missingAuthority(let operation, let code): "operation \(operation): \(code.explanation)"
    }
  }

  public var nextStep: String {
    switch self {
    case .expired: "build it again with a later validUntil and sign it; its id will be another"
    case .tooFarAhead:
      "build it again with a validUntil at most \(Limits.validityMilliseconds) ms ahead and sign it"
    case .alreadyApplied: "ask for its receipt; nothing is to be done"
    case .unknownMember, .foreignKey: "sign with a key that the chain has for the member"
    case .suspendedMember: "ask the administrators why; the member's state says the reason"
    case .missingAuthority: "collect the signatures that the operation needs"
    }
  }
}

public import Cryptography
public import Primitives

/// The reason why a genesis cannot start a chain.
public enum GenesisError: Error, Hashable, Sendable {
  case tooLarge(bytes: Int)
  /// The chain follows rules that this program does not know or can no longer execute.
  case otherVersion(UInt8)
  case encoding(CodecError)
  /// The member at this index is malformed.
  case member(index: Int, CodecError)
  /// The validator at this index is malformed.
  case validator(index: Int, CodecError)
  case memberCount(Int)
  case validatorCount(Int)
  case duplicateMember(Name)
  case duplicateValidator(Name)
  case unknownMember(validator: Name, member: Name)
  case memberKey(Name, CryptoError)
  case voteKey(Name, CryptoError)
  /// Two members share a key, so one person could act as both.
  case sharedMemberKey(Name, Name)
  case sharedVoteKey(Name, Name)
  case sharedTransportKey(Name, Name)
  case sharedAddress(Name, Name)
  /// The administrator threshold is 0 or exceeds the number of administrators.
  case administratorThreshold(UInt16, administrators: Int)
  case leaderTimeout(milliseconds: UInt32)
}

extension GenesisError: ExplainedError {
  public var code: String {
    switch self {
    case .tooLarge: "genesis.too-large"
    case .otherVersion: "genesis.other-version"
    case .encoding: "genesis.malformed"
    case .member: "genesis.malformed-member"
    case .validator: "genesis.malformed-validator"
    case .memberCount: "genesis.member-count"
    case .validatorCount: "genesis.validator-count"
    case .duplicateMember: "genesis.duplicate-member"
    case .duplicateValidator: "genesis.duplicate-validator"
    case .unknownMember: "genesis.unknown-member"
    case .memberKey: "genesis.invalid-member-key"
    case .voteKey: "genesis.invalid-vote-key"
    case .sharedMemberKey: "genesis.shared-member-key"
    case .sharedVoteKey: "genesis.shared-vote-key"
    case .sharedTransportKey: "genesis.shared-transport-key"
    case .sharedAddress: "genesis.shared-address"
    case .administratorThreshold: "genesis.administrator-threshold"
    case .leaderTimeout: "genesis.leader-timeout"
    }
  }

  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "the genesis has \(bytes) bytes; the limit is \(Limits.genesisBytes)"
    case .otherVersion(let version):
      "the chain follows rules version \(version), but this program follows versions "
        + "\(Genesis.executedVersions.lowerBound) to \(Genesis.executedVersions.upperBound)"
    case .encoding(let error): "the genesis is malformed: \(error.explanation)"
    case .member(let index, let error): "member \(index) is malformed: \(error.explanation)"
    case .validator(let index, let error): "validator \(index) is malformed: \(error.explanation)"
    case .memberCount(let count): "there are \(count) members; there must be 1 to \(Limits.genesisMembers)"
    case .validatorCount(let count): "there are \(count) validators; there must be 1 to \(Limits.validators)"
    case .duplicateMember(let name): "the member \(name) is listed twice"
    case .duplicateValidator(let name): "the validator \(name) is listed twice"
    case .unknownMember(let validator, let member):
      "the validator \(validator) belongs to \(member), which is not a member"
    case .memberKey(let name, let error): "a key of the member \(name): \(error.explanation)"
    case .voteKey(let name, let error): "the vote key of the validator \(name): \(error.explanation)"
    case .sharedMemberKey(let one, let other): "the members \(one) and \(other) share a key"
    case .sharedVoteKey(let one, let other): "the validators \(one) and \(other) share a vote key"
    case .sharedTransportKey(let one, let other): "the validators \(one) and \(other) share a transport key"
    case .sharedAddress(let one, let other): "the validators \(one) and \(other) share an address"
    case .administratorThreshold(let threshold, let administrators):
      "\(threshold) administrators must act, but there are \(administrators)"
    case .leaderTimeout(let milliseconds):
      "the leader time-out is \(milliseconds) ms; it must be "
        + "\(Limits.leaderTimeoutMilliseconds.lowerBound) to \(Limits.leaderTimeoutMilliseconds.upperBound) ms"
    }
  }

  public var nextStep: String {
    switch self {
    case .tooLarge, .encoding: "get the genesis file again from where the chain's members agreed on it"
    case .otherVersion: "run the version of the program that made the chain, or create a new chain with this one"
    case .memberKey(_, let error), .voteKey(_, let error): error.nextStep
    case .sharedMemberKey, .sharedVoteKey, .sharedTransportKey: "create a separate key for each"
    case .administratorThreshold: "set a threshold from 1 to the number of members with the administrator role"
    default: "correct the genesis file; all members must then use the same one"
    }
  }
}

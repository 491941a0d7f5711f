public import Cryptography
public import Primitives

/// What all nodes must agree on to vote in an epoch. One entry of the state holds that of the blocks above.
///
/// Where validators are reached is not part of it, because that changes more often and nothing is signed about it; see
/// `DirectoryEntry`.
public struct ChainConfiguration: Hashable, Sendable {
  /// The version of the rules by which blocks change the state. The version of genesis is the first.
  public var rulesVersion: UInt16
  /// Δ of the protocol, in milliseconds.
  public var leaderTimeoutMilliseconds: UInt32
  /// In the order of their indices; from 1 to `Limits.validators`.
  public var validators: [ConfiguredValidator]

  public init(rulesVersion: UInt16, leaderTimeoutMilliseconds: UInt32, validators: [ConfiguredValidator]) {
    self.rulesVersion = rulesVersion
    self.leaderTimeoutMilliseconds = leaderTimeoutMilliseconds
    self.validators = validators
  }

  /// The validators as the set of an epoch.
  public func validatorSet(of epoch: Epoch) -> ValidatorSet {
    ValidatorSet(
      epoch: epoch, validators: validators.map { Validator(name: $0.name.description, voteKey: $0.voteKey) })
  }

  /// The digest that results name: H(tag, suite, encoding). `hash` must be of the chain's suite.
  public func digest(hash: inout HashFunction) -> Digest { hash.hash(.configuration, bytes.span.bytes) }

  /// The canonical encoding.
  public var bytes: [UInt8] {
    var writer = Writer(capacity: 16 + 100 * validators.count)
    encode(into: &writer)
    return writer.bytes
  }

  /// Writes rules version, leader time-out, the number of validators, and the validators.
  func encode(into writer: inout Writer) {
    writer.integer(rulesVersion)
    writer.integer(leaderTimeoutMilliseconds)
    writer.count(validators.count)
    for validator in validators { validator.encode(into: &writer) }
  }

  init(from reader: inout Reader) throws(CodecError) {
    rulesVersion = try reader.integer()
    leaderTimeoutMilliseconds = try reader.integer()
    guard Limits.leaderTimeoutMilliseconds.contains(leaderTimeoutMilliseconds) else {
      throw .invalid(field: "leader time-out")
    }
    let count = try reader.count(limit: Limits.validators, "validators")
    guard count > 0 else { throw .invalid(field: "validators (must not be none)") }
    validators = []
    var names: Set<Name> = []
    var keys: Set<PublicKey> = []
    for _ in 0..<count {
      let validator = try ConfiguredValidator(from: &reader)
      guard names.insert(validator.name).inserted, keys.insert(validator.voteKey).inserted else {
        throw .invalid(field: "validators (names and vote keys must differ)")
      }
      validators.append(validator)
    }
  }
}

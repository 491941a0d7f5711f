/// The validators of one epoch, in the order that defines the leaders' turns and all indices.
public struct ValidatorSet: Hashable, Sendable {
  public let epoch: Epoch
  public let validators: [Validator]
  public let quorum: Quorum

  /// - Parameter validators: From 1 to `Limits.validators` of them.
  public init(epoch: Epoch, validators: [Validator]) {
    precondition(
      validators.count >= 1 && validators.count <= Limits.validators,
      "\(validators.count) validators, not 1...\(Limits.validators)")
    self.epoch = epoch
    self.validators = validators
    quorum = Quorum(validators: validators.count)
  }

  @inlinable public var count: Int { validators.count }

  public var indices: some RandomAccessCollection<ValidatorIndex> & Sendable {
    (0..<validators.count).lazy.map { ValidatorIndex(UInt16($0)) }
  }

  @inlinable public func contains(_ index: ValidatorIndex) -> Bool { Int(index.rawValue) < validators.count }

  /// The validator at an index of this set.
  @inlinable
  public subscript(index: ValidatorIndex) -> Validator { validators[Int(index.rawValue)] }

  @inlinable
  public func voteKey(of index: ValidatorIndex) -> PublicKey { validators[Int(index.rawValue)].voteKey }

  /// The validator whose vote key is `key`.
  public func index(ofVoteKey key: PublicKey) -> ValidatorIndex? {
    validators.firstIndex { $0.voteKey == key }.map { ValidatorIndex(UInt16($0)) }
  }

  /// The leader of `view` (protocol rule R2).
  @inlinable
  public func leader(of view: View) -> ValidatorIndex {
    Round(epoch: epoch, view: view).leader(among: validators.count)
  }
}

/// The quorum arithmetic of a set of n validators (protocol rule R1).
///
/// f = (n - 1) / 3 rounded down, and q = n - f. Any two quorums share at least f + 1 validators, hence at least one
/// honest one, for every n >= 1: 2q - n = n - 2f >= f + 1 (attack C2, arXiv:1901.07160).
public struct Quorum: Hashable, Sendable {
  /// The number of validators in the set, at least 1.
  public let validators: Int

  public init(validators: Int) {
    precondition(validators >= 1, "a validator set of \(validators) has no quorum")
    self.validators = validators
  }

  /// The number of faulty validators that the set tolerates (f).
  public var faults: Int { (validators - 1) / 3 }
  /// The number of votes that make a certificate (q).
  public var size: Int {
    if Mutation.quorumOffByOne.isOn { return max(1, validators - faults - 1) }
    return validators - faults
  }
}

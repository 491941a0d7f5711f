import Primitives

/// A set of validators, as a bitmap of `Limits.validators` bits.
struct SignerSet: Equatable, Sendable {
  private var word0: UInt64 = 0
  private var word1: UInt64 = 0
  private var word2: UInt64 = 0
  private var word3: UInt64 = 0

  func contains(_ signer: ValidatorIndex) -> Bool {
    let bit = Self.bit(signer)
    return switch signer.rawValue >> 6 {
    case 0: word0 & bit != 0
    case 1: word1 & bit != 0
    case 2: word2 & bit != 0
    case 3: word3 & bit != 0
    default: false
    }
  }

  mutating func insert(_ signer: ValidatorIndex) {
    let bit = Self.bit(signer)
    switch signer.rawValue >> 6 {
    case 0: word0 |= bit
    case 1: word1 |= bit
    case 2: word2 |= bit
    case 3: word3 |= bit
    default: preconditionFailure("signer \(signer) is outside every validator set")
    }
  }

  mutating func remove(_ signer: ValidatorIndex) {
    let rest = ~Self.bit(signer)
    switch signer.rawValue >> 6 {
    case 0: word0 &= rest
    case 1: word1 &= rest
    case 2: word2 &= rest
    case 3: word3 &= rest
    default: break
    }
  }

  var count: Int {
    word0.nonzeroBitCount + word1.nonzeroBitCount + word2.nonzeroBitCount + word3.nonzeroBitCount
  }

  /// The number of validators in the set, not counting `signer`.
  func count(without signer: ValidatorIndex?) -> Int {
    guard let signer, contains(signer) else { return count }
    return count - 1
  }

  /// The members in ascending order.
  var members: [ValidatorIndex] {
    var members: [ValidatorIndex] = []
    for (place, word) in [word0, word1, word2, word3].enumerated() {
      var rest = word
      while rest != 0 {
        members.append(ValidatorIndex(UInt16(64 * place + rest.trailingZeroBitCount)))
        rest &= rest - 1
      }
    }
    return members
  }

  private static func bit(_ signer: ValidatorIndex) -> UInt64 { 1 << UInt64(signer.rawValue & 63) }
}

public import Primitives

/// The reason why a map proof is not valid.
public enum MapProofError: Error, Hashable, Sendable {
  /// The digests lead to a different root from the given one.
  case otherRoot(computed: Digest, expected: Digest)
  /// The bit index of a fork is not greater than that of the fork above it.
  case bitsNotIncreasing(bit: UInt8, previous: UInt8)
  /// The leaf lies on the other side of a fork from the key.
  case otherWay(bit: UInt8)
  /// A proof of an empty map has steps.
  case stepsWithoutLeaf(count: Int)
  /// The digest of the entry differs from the one in the map.
  case otherValue(computed: Digest, expected: Digest)
  /// The map has the key but the proof has no entry under it, or the other way round.
  case entryMismatch(inMap: Bool)
}

extension MapProofError: ExplainedError {
  public var code: String {
    switch self {
    case .otherRoot: "state-proof.other-root"
    case .bitsNotIncreasing: "state-proof.bits-not-increasing"
    case .otherWay: "state-proof.other-way"
    case .stepsWithoutLeaf: "state-proof.steps-without-leaf"
    case .otherValue: "state-proof.other-value"
    case .entryMismatch: "state-proof.entry-mismatch"
    }
  }

  public var explanation: String {
    switch self {
    case .otherRoot(let computed, let expected): "the proof leads to root \(computed), but the state has \(expected)"
    case .bitsNotIncreasing(let bit, let previous): "a fork on bit \(bit) is below one on bit \(previous)"
    case .otherWay(let bit): "the proof's leaf and the key differ at bit \(bit), which the proof passes"
    case .stepsWithoutLeaf(let count): "a proof of an empty state has \(count) steps instead of none"
    case .otherValue(let computed, let expected): "the entry's digest is \(computed), but the state has \(expected)"
    case .entryMismatch(let inMap):
      inMap ? "the state has an entry under the key, but the proof has none" : "an entry came with a proof of absence"
    }
  }

  public var nextStep: String {
    "ask another node for the proof, against the state root of a block that a certificate covers"
  }
}

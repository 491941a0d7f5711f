public import Cryptography
public import Primitives

/// Proves against the root of a state map which value a key has, or that it has none.
///
/// The proof consists of the leaf to which the key's bits lead and, from the root down, of each fork passed: its bit
/// index and the digest of the child not taken. If the leaf carries the key, the key is present. If it carries
/// another key, or the map is empty, the key is absent, because a map with the key would have the key's own leaf
/// there.
public struct MapProof: Hashable, Sendable {
  /// A fork on the way down.
  public struct Step: Hashable, Sendable {
    public var bit: UInt8
    /// The digest of the child that the key does not lead to.
    public var sibling: Digest

    public init(bit: UInt8, sibling: Digest) {
      self.bit = bit
      self.sibling = sibling
    }
  }

  /// The leaf at the end of the path.
  public struct Leaf: Hashable, Sendable {
    public var key: Digest
    public var value: Digest

    public init(key: Digest, value: Digest) {
      self.key = key
      self.value = value
    }
  }

  /// The leaf; nil only for an empty map.
  public var leaf: Leaf?
  /// The forks from the root down. Their bit indices strictly increase.
  public var steps: [Step]

  public init(leaf: Leaf?, steps: [Step]) {
    self.leaf = leaf
    self.steps = steps
  }

  /// The value of `key` in the map with this `root`; nil if the proof shows that it has none.
  public func verify(
    _ key: Digest, root: Digest, hash: inout HashFunction
  ) throws(MapProofError) -> Digest? {
    guard let leaf else {
      guard steps.isEmpty else { throw .stepsWithoutLeaf(count: steps.count) }
      guard root == MerkleMap.emptyRoot else { throw .otherRoot(computed: MerkleMap.emptyRoot, expected: root) }
      return nil
    }
    var previous = -1
    for step in steps {
      guard step.bit > previous else { throw .bitsNotIncreasing(bit: step.bit, previous: UInt8(previous)) }
      previous = Int(step.bit)
      guard leaf.key.bit(Int(step.bit)) == key.bit(Int(step.bit)) else { throw .otherWay(bit: step.bit) }
    }
    var hasher = NodeHasher()
    var digest = hasher.leaf(key: leaf.key, value: leaf.value, &hash)
    for step in steps.reversed() {
      digest =
        if key.bit(Int(step.bit)) {
          hasher.fork(bit: step.bit, left: step.sibling, right: digest, &hash)
        } else {
          hasher.fork(bit: step.bit, left: digest, right: step.sibling, &hash)
        }
    }
    guard digest == root else { throw .otherRoot(computed: digest, expected: root) }
    return leaf.key == key ? leaf.value : nil
  }
}

extension MapProof {
  /// Writes the canonical encoding (Documentation/formats-state.md).
  public func encode(into writer: inout Writer) {
    writer.byte(leaf == nil ? 0 : 1)
    guard let leaf else { return }
    writer.digest(leaf.key)
    writer.digest(leaf.value)
    writer.integer(UInt16(steps.count))
    for step in steps {
      writer.byte(step.bit)
      writer.digest(step.sibling)
    }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    switch try reader.byte() {
    case 0: self.init(leaf: nil, steps: [])
    case 1:
      let leaf = Leaf(key: try reader.digest(), value: try reader.digest())
      let count: UInt16 = try reader.integer()
      guard count <= 256 else { throw .tooLong(field: "steps of a map proof", value: UInt64(count), limit: 256) }
      var steps: [Step] = []
      steps.reserveCapacity(Int(count))
      for _ in 0..<count {
        let step = Step(bit: try reader.byte(), sibling: try reader.digest())
        guard steps.last.map({ $0.bit < step.bit }) ?? true else {
          throw .notCanonical(field: "bit indices of a map proof")
        }
        steps.append(step)
      }
      self.init(leaf: leaf, steps: steps)
    case let kind: throw .unknown(field: "kind of a map proof", value: UInt64(kind))
    }
  }
}

internal import Cryptography
internal import Primitives

/// Computes the digests of the state map's nodes in one small buffer. The inputs of leaves and of forks both take two
/// blocks of SHA-256.
struct NodeHasher {
  // Tag, suite, bit index, left, right: 8 + 1 + 1 + 64 bytes. A leaf has no bit index.
  private var buffer: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) =
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  private let leafTag = Domain.stateLeaf.word.littleEndian
  private let forkTag = Domain.stateNode.word.littleEndian

  /// H(stateLeaf, suite, key, value).
  @inline(__always)
  mutating func leaf(key: Digest, value: Digest, _ hash: inout HashFunction) -> Digest {
    let tag = leafTag
    return withUnsafeMutableBytes(of: &buffer) { raw in
      raw.storeBytes(of: tag, as: UInt64.self)
      raw.storeBytes(of: hash.suite.rawValue, toByteOffset: 8, as: UInt8.self)
      Self.store(key, raw, 9)
      Self.store(value, raw, 41)
      hash.begin()
      hash.update(UnsafeRawBufferPointer(rebasing: raw[0..<73]))
      return hash.finish()
    }
  }

  /// H(stateNode, suite, bit index, left, right).
  @inline(__always)
  mutating func fork(bit: UInt8, left: Digest, right: Digest, _ hash: inout HashFunction) -> Digest {
    let tag = forkTag
    return withUnsafeMutableBytes(of: &buffer) { raw in
      raw.storeBytes(of: tag, as: UInt64.self)
      raw.storeBytes(of: hash.suite.rawValue, toByteOffset: 8, as: UInt8.self)
      raw.storeBytes(of: bit, toByteOffset: 9, as: UInt8.self)
      Self.store(left, raw, 10)
      Self.store(right, raw, 42)
      hash.begin()
      hash.update(UnsafeRawBufferPointer(rebasing: raw[0..<74]))
      return hash.finish()
    }
  }

  @inline(__always)
  private static func store(_ digest: Digest, _ raw: UnsafeMutableRawBufferPointer, _ offset: Int) {
    raw.storeBytes(of: digest.word0.bigEndian, toByteOffset: offset, as: UInt64.self)
    raw.storeBytes(of: digest.word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    raw.storeBytes(of: digest.word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    raw.storeBytes(of: digest.word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }
}

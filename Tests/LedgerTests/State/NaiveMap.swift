import Cryptography
import Primitives

/// Computes the root of the state map from its definition, sharing nothing with `MerkleMap`.
struct NaiveMap {
  var content: [Digest: Digest] = [:]

  func root(_ hash: inout HashFunction) -> Digest {
    let sorted = content.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    return sorted.isEmpty ? .zero : Self.node(sorted[...], &hash)
  }

  private static func node(_ entries: ArraySlice<(key: Digest, value: Digest)>, _ hash: inout HashFunction) -> Digest {
    let first = entries[entries.startIndex]
    let last = entries[entries.endIndex - 1]
    guard entries.count > 1 else {
      return hash.hash(Array("rb.mlf.1".utf8) + [hash.suite.rawValue] + first.key.bytes + first.value.bytes)
    }
    // The entries are sorted, so the first and the last key have the shortest common prefix.
    var bit = 0
    while isSet(first.key, bit) == isSet(last.key, bit) { bit += 1 }
    let left = entries.prefix { !isSet($0.key, bit) }
    let right = entries.dropFirst(left.count)
    let below = (node(left, &hash), node(right, &hash))
    return hash.hash(Array("rb.mnd.1".utf8) + [hash.suite.rawValue, UInt8(bit)] + below.0.bytes + below.1.bytes)
  }

  private static func isSet(_ key: Digest, _ bit: Int) -> Bool {
    key.bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
  }
}

internal import Primitives

/// At most `capacity` parsed keys, found by their public keys.
///
/// There are two generations. A key that is used moves to the young one. When the young one holds half the capacity,
/// it becomes the old one, and the previous old one is dropped. Keys in use are therefore never lost, and no order is
/// kept.
struct VerificationKeyCache {
  private let generation: Int
  private var young: [CacheKey: VerificationKey] = [:]
  private var old: [CacheKey: VerificationKey] = [:]

  init(capacity: Int) {
    generation = max(1, capacity / 2)
  }

  var count: Int { young.count + old.count }

  mutating func find(_ key: PublicKey) -> VerificationKey? {
    let key = CacheKey(key: key)
    if let found = young[key] { return found }
    guard let found = old.removeValue(forKey: key) else { return nil }
    insert(found, key)
    return found
  }

  mutating func insert(_ parsed: VerificationKey, for key: PublicKey) {
    insert(parsed, CacheKey(key: key))
  }

  private mutating func insert(_ parsed: VerificationKey, _ key: CacheKey) {
    if young.count >= generation {
      old = young
      young = [:]
    }
    young[key] = parsed
  }
}

/// Strangers choose public keys, so all bytes enter the hash, unlike digests, of which one word is enough.
private struct CacheKey: Hashable {
  let key: PublicKey

  func hash(into hasher: inout Hasher) {
    hasher.combine(key.prefix)
    hasher.combine(ChosenDigest(key.body))
  }
}

internal import Primitives

/// At most `capacity` parsed keys, found by their public keys.
///
/// There are two generations. A key that is used moves to the young one. When the young one holds half the capacity,
/// it becomes the old one, and the previous old one is dropped. Keys in use are therefore never lost, and no order is
/// kept.
struct VerificationKeyCache {
  private let generation: Int
  private var young: [PublicKey: VerificationKey] = [:]
  private var old: [PublicKey: VerificationKey] = [:]

  init(capacity: Int) {
    generation = max(1, capacity / 2)
  }

  var count: Int { young.count + old.count }

  mutating func find(_ key: PublicKey) -> VerificationKey? {
    if let found = young[key] { return found }
    guard let found = old.removeValue(forKey: key) else { return nil }
    insert(found, for: key)
    return found
  }

  mutating func insert(_ parsed: VerificationKey, for key: PublicKey) {
    if young.count >= generation {
      old = young
      young = [:]
    }
    young[key] = parsed
  }
}

import Primitives

@testable import Ledger

/// The values at the places that a map's leaves name.
struct ShelvedValues {
  private var values: [Digest] = []

  /// The change that gives `key` a value, which is stored here, or that removes the key if `value` is nil.
  mutating func change(_ key: Digest, _ value: Digest?) -> MerkleMap.Change {
    guard let value else { return MerkleMap.Change(removing: key) }
    values.append(value)
    return MerkleMap.Change(key: key, value: value, place: .remembered(UInt32(values.count - 1)))
  }

  func value(at place: EntryPlace) -> Digest { values[Int(place.slot)] }
}

extension MerkleMap {
  /// The value of `key`, as stored in `shelf`.
  func value(of key: Digest, _ shelf: ShelvedValues) -> Digest? { place(of: key).map(shelf.value(at:)) }
}

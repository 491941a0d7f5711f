import Primitives

@testable import Ledger

/// What stands at the places that a map's leaves name.
struct ShelvedValues {
  private var values: [Digest] = []

  /// The change that gives `key` a value, which is put on the shelf, or takes the key out.
  mutating func change(_ key: Digest, _ value: Digest?) -> MerkleMap.Change {
    guard let value else { return MerkleMap.Change(removing: key) }
    values.append(value)
    return MerkleMap.Change(key: key, value: value, place: .remembered(UInt32(values.count - 1)))
  }

  func value(at place: EntryPlace) -> Digest { values[Int(place.slot)] }
}

extension MerkleMap {
  /// What `key` has, by what is on the shelf.
  func value(of key: Digest, _ shelf: ShelvedValues) -> Digest? { place(of: key).map(shelf.value(at:)) }
}

package import Primitives

/// A transaction's place in the chain.
package struct IndexedPlace: Hashable, Comparable, Sendable {
  package var height: Height
  /// The transaction's index in the block, from 0.
  package var index: Int

  package init(height: Height, index: Int) {
    self.height = height
    self.index = index
  }

  package static func < (left: IndexedPlace, right: IndexedPlace) -> Bool {
    left.height != right.height ? left.height < right.height : left.index < right.index
  }

  // In the database, a place is one integer: the height, followed by 16 bits for the index, which is below
  // `Limits.blockTransactions`.
  private static let indexBits: UInt64 = 16
  static let lastHeight = Height((1 << (63 - indexBits)) - 1)

  /// The place as one integer. Requires `height` to be at most `lastHeight`.
  var position: Int64 {
    precondition(height <= IndexedPlace.lastHeight && index >= 0 && index < 1 << IndexedPlace.indexBits, "\(self)")
    return Int64(height.rawValue << IndexedPlace.indexBits) | Int64(index)
  }

  /// The exclusive upper bound for positions before this place, which may contain any values, because it comes from a
  /// client.
  var upperBound: Int64 {
    guard height <= IndexedPlace.lastHeight else { return .max }
    // A block never has more transactions than the index has values.
    let index = max(0, min(index, (1 << IndexedPlace.indexBits) - 1))
    return IndexedPlace(height: height, index: index).position
  }

  /// The exclusive upper bound for positions in blocks up to `height`, which may be any.
  static func end(of height: Height) -> Int64 {
    height.next.map { IndexedPlace(height: $0, index: 0).upperBound } ?? .max
  }

  init(position: Int64) {
    height = Height(UInt64(bitPattern: position) >> IndexedPlace.indexBits)
    index = Int(position & ((1 << IndexedPlace.indexBits) - 1))
  }
}

package import Primitives

/// Where a transaction stands in the chain.
package struct IndexedPlace: Hashable, Comparable, Sendable {
  package var height: Height
  /// In the block, from 0.
  package var index: Int

  package init(height: Height, index: Int) {
    self.height = height
    self.index = index
  }

  package static func < (left: IndexedPlace, right: IndexedPlace) -> Bool {
    left.height != right.height ? left.height < right.height : left.index < right.index
  }

  // In the database a place is one integer: the height above 16 bits of index, which hold
  // `Limits.blockTransactions`.
  private static let indexBits: UInt64 = 16
  static let lastHeight = Height((1 << (63 - indexBits)) - 1)

  /// `height` is at most `lastHeight`.
  var position: Int64 {
    precondition(height <= IndexedPlace.lastHeight && index >= 0 && index < 1 << IndexedPlace.indexBits, "\(self)")
    return Int64(height.rawValue << IndexedPlace.indexBits) | Int64(index)
  }

  /// Where rows before this place end, whatever a client wrote into it.
  var upperBound: Int64 {
    guard height <= IndexedPlace.lastHeight else { return .max }
    // A block has fewer transactions than the index has numbers.
    let index = max(0, min(index, (1 << IndexedPlace.indexBits) - 1))
    return IndexedPlace(height: height, index: index).position
  }

  init(position: Int64) {
    height = Height(UInt64(bitPattern: position) >> IndexedPlace.indexBits)
    index = Int(position & ((1 << IndexedPlace.indexBits) - 1))
  }
}

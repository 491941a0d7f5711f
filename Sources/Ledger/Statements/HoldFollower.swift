internal import Primitives

/// Follows the open holds from blocks and outcomes, without the state, to find out what captures, releases and expiries gave
/// back: the operations do not say it, and an expiry is no operation.
package enum HoldFollower {
  /// Does to `shelf` what the next block did to the open holds, and returns what it gave back, in order.
  package static func follow<Shelf: HoldShelf>(
    _ block: Block, _ outcomes: [TransactionOutcome], on shelf: inout Shelf
  ) throws(Shelf.Failure) -> [HoldReturn] {
    var returns: [HoldReturn] = []
    // Operations are numbered through the block, applied or not, because that is how the state numbers holds.
    var first: UInt32 = 0
    for index in 0..<block.count {
      let transaction = block.transaction(at: index)
      defer { first += UInt32(transaction.layout.operationCount) }
      guard outcomes[index].isApplied else { continue }
      var cursor = transaction.operations
      var number = 0
      while let operation = cursor.next() {
        let placed = HoldNumber(height: block.height, operation: first + UInt32(number))
        if let ended = try apply(operation, placed, &shelf) {
          let place = MovementPlace(height: block.height, index: index, number: number)
          returns.append(HoldReturn(place: place, hold: ended))
        }
        number += 1
      }
    }
    return try returns + expire(at: block.header, on: &shelf)
  }

  /// Does to `shelf` what a block does without operations on holds: it returns those that have expired.
  package static func expire<Shelf: HoldShelf>(
    at header: BlockHeader, on shelf: inout Shelf
  ) throws(Shelf.Failure) -> [HoldReturn] {
    var returns: [HoldReturn] = []
    while returns.count < Limits.returnedHoldsPerBlock, let hold = try shelf.takeExpired(at: header.timestamp) {
      let place = MovementPlace(height: header.height, index: nil, number: returns.count)
      returns.append(HoldReturn(place: place, hold: hold))
    }
    return returns
  }

  /// Returns the hold that the operation ended, if anything of it was left.
  private static func apply<Shelf: HoldShelf>(
    _ operation: OperationView, _ number: HoldNumber, _ shelf: inout Shelf
  ) throws(Shelf.Failure) -> Hold? {
    switch operation {
    case .holdPlace(let place):
      try shelf.put(
        Hold(
          from: place.from, reference: place.reference, to: place.to, asset: place.asset, amount: place.amount,
          expires: place.expires, arbiter: place.arbiter, placed: number))
      return nil
    case .holdCapture(let capture):
      var hold = try shelf.take(capture.from, capture.reference)
      // An applied capture takes no more than is held.
      hold.amount = hold.amount.subtracting(capture.amount) ?? .zero
      guard hold.amount != .zero else { return nil }
      if capture.closes { return hold }
      try shelf.put(hold)
      return nil
    case .holdRelease(let release): return try shelf.take(release.from, release.reference)
    default: return nil
    }
  }
}

internal import Primitives

/// The open holds in the order in which the chain returns them: by expiry, then by number, which depends on the content of
/// the state alone.
///
/// A heap gives this order at a bounded cost per hold. What it has of holds that ended is skipped when it comes up, and is
/// dropped when it outweighs the open ones, so that the heap is never much larger than they are.
struct HoldExpiries: Sendable {
  struct Expiry: Comparable, BitwiseCopyable {
    let time: Timestamp
    let number: HoldNumber
    let slot: UInt32

    init(_ row: HoldRow, _ slot: UInt32) {
      time = row.expires
      number = row.placed
      self.slot = slot
    }

    @inline(__always)
    static func < (left: Self, right: Self) -> Bool {
      left.time != right.time ? left.time < right.time : left.number < right.number
    }

    /// Whether this is still the expiry of the hold in its slot, which may be gone.
    @inline(__always)
    func isCurrent(_ rows: [HoldRow]) -> Bool {
      guard Int(slot) < rows.count else { return false }
      let row = rows[Int(slot)]
      // A block in the place of one that was reverted may have placed another hold of the same number in the slot.
      return !row.isVacant && row.placed == number && row.expires == time
    }
  }

  private var heap = FlatHeap<Expiry>()
  /// The number of open holds.
  private(set) var openCount = 0

  /// The number of entries of ended holds that are kept in any case.
  private static let slack = 4096

  /// Notes that a hold is open, also when its end is taken back.
  mutating func open(_ expiry: Expiry) {
    heap.push(expiry)
    openCount += 1
  }

  /// Notes that a hold ended, or that its placing was taken back.
  mutating func close() { openCount -= 1 }

  /// The first expiry, of an open hold if nothing changed since `prune` or `tidy`.
  var first: Expiry? { heap.first }

  /// Drops first expiries until there is one of an open hold. `rows` is the table of holds.
  mutating func prune(_ rows: [HoldRow]) {
    while let first = heap.first, !first.isCurrent(rows) { heap.removeFirst() }
  }

  /// Drops what the heap has of holds that ended, and repetitions, if that is more than what it has of open ones; otherwise
  /// only what comes first.
  mutating func tidy(_ rows: [HoldRow]) {
    guard heap.count > 2 * openCount + Self.slack else { return prune(rows) }
    heap.removeAll { !$0.isCurrent(rows) }
  }

  // MARK: Loading a snapshot

  mutating func load(_ expiry: Expiry) {
    heap.append(expiry)
    openCount += 1
  }

  mutating func finishLoading() { heap.restore() }
}

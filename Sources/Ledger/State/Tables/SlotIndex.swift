internal import Primitives

/// Finds slots by the hash of their keys, with open addressing and linear probing, eight bytes per bucket. The keys
/// stay in the rows, so a look-up touches one bucket and the row that the caller reads anyway.
///
/// There is no iteration, because the order depends on the random seed of the process.
struct SlotIndex: ~Copyable {
  // The upper half of a bucket is that of the hash, the lower half is the slot; `empty` marks a free bucket. The
  // upper half alone determines where a search starts, so growing and removing need no keys.
  private var buckets: [UInt64]
  private var shift: UInt64
  private(set) var count = 0

  private static var empty: UInt64 { .max }

  init() {
    buckets = Array(repeating: Self.empty, count: 16)
    shift = 64 - 4
  }

  /// Makes room for `count` slots in one go. The index must be empty.
  mutating func reserve(_ count: Int) {
    precondition(self.count == 0, "space can be reserved only in an empty index, not in one of \(self.count) slots")
    var bits: UInt64 = 4
    while bits < 31, count * 3 > (1 << Int(bits)) * 2 { bits += 1 }
    buckets = Array(repeating: Self.empty, count: 1 << Int(bits))
    shift = 64 - bits
  }

  /// The slot that has this hash and for which `matches` returns true; nil if there is none.
  @inline(__always)
  func slot(_ hash: UInt64, _ matches: (UInt32) -> Bool) -> UInt32? {
    let mask = buckets.count - 1
    var index = Int(truncatingIfNeeded: hash &>> shift)
    while true {
      let bucket = buckets[index]
      if bucket == Self.empty { return nil }
      if bucket &>> 32 == hash &>> 32, matches(UInt32(truncatingIfNeeded: bucket)) {
        return UInt32(truncatingIfNeeded: bucket)
      }
      index = (index &+ 1) & mask
    }
  }

  /// Adds a slot whose key is not in the index.
  mutating func insert(_ hash: UInt64, _ slot: UInt32) {
    precondition(slot < .max, "slot \(slot) is reserved to mark an empty bucket")
    // Keeps the index at most two thirds full.
    if (count + 1) * 3 > buckets.count * 2 { grow() }
    place(hash & 0xFFFF_FFFF_0000_0000 | UInt64(slot))
    count += 1
  }

  /// Removes a slot and closes the gap, so that no search ends too early.
  mutating func remove(_ hash: UInt64, _ slot: UInt32) {
    let mask = buckets.count - 1
    let wanted = hash & 0xFFFF_FFFF_0000_0000 | UInt64(slot)
    var gap = Int(truncatingIfNeeded: hash &>> shift)
    while buckets[gap] != wanted {
      precondition(buckets[gap] != Self.empty, "slot \(slot) is not in the index")
      gap = (gap &+ 1) & mask
    }
    var index = gap
    while true {
      index = (index &+ 1) & mask
      let bucket = buckets[index]
      if bucket == Self.empty { break }
      // The bucket may move into the gap unless its search starts after the gap.
      let home = Int(truncatingIfNeeded: bucket &>> shift)
      if (index &- home) & mask >= (index &- gap) & mask {
        buckets[gap] = bucket
        gap = index
      }
    }
    buckets[gap] = Self.empty
    count -= 1
  }

  private mutating func place(_ bucket: UInt64) {
    let mask = buckets.count - 1
    var index = Int(truncatingIfNeeded: bucket &>> shift)
    while buckets[index] != Self.empty { index = (index &+ 1) & mask }
    buckets[index] = bucket
  }

  private mutating func grow() {
    precondition(shift > 32, "an index of \(count) slots needs more bits than the hash provides")
    let old = buckets
    buckets = Array(repeating: Self.empty, count: old.count * 2)
    shift -= 1
    for bucket in old where bucket != Self.empty { place(bucket) }
  }
}

internal import Primitives

/// The events still to come, ordered by tick and, within a tick, by when they were scheduled.
///
/// A binary heap of small keys. The payloads stay in place, so that moving a key moves no references.
struct EventQueue {
  private struct Key {
    var tick: Tick
    var sequence: UInt64
    var slot: Int

    static func < (left: Key, right: Key) -> Bool {
      left.tick == right.tick ? left.sequence < right.sequence : left.tick < right.tick
    }
  }

  private var keys: [Key] = []
  private var payloads: [Event?] = []
  private var free: [Int] = []
  private var sequence: UInt64 = 0

  var nextTick: Tick? { keys.first?.tick }

  mutating func push(_ event: Event, at tick: Tick) {
    let slot: Int
    if let reused = free.popLast() {
      slot = reused
      payloads[slot] = event
    } else {
      slot = payloads.count
      payloads.append(event)
    }
    sequence += 1
    keys.append(Key(tick: tick, sequence: sequence, slot: slot))
    siftUp(keys.count - 1)
  }

  mutating func pop() -> (tick: Tick, event: Event)? {
    guard let first = keys.first, let last = keys.popLast() else { return nil }
    if !keys.isEmpty {
      keys[0] = last
      siftDown(0)
    }
    guard let event = payloads[first.slot] else { preconditionFailure("event \(first.sequence) has no payload") }
    payloads[first.slot] = nil
    free.append(first.slot)
    return (first.tick, event)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    let key = keys[index]
    while index > 0, key < keys[(index - 1) / 2] {
      keys[index] = keys[(index - 1) / 2]
      index = (index - 1) / 2
    }
    keys[index] = key
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    let key = keys[index]
    while true {
      var child = 2 * index + 1
      guard child < keys.count else { break }
      if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
      guard keys[child] < key else { break }
      keys[index] = keys[child]
      index = child
    }
    keys[index] = key
  }
}

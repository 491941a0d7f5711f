/// Events by time, and in the order of their coming within one tick.
struct EventQueue<Event> {
  private var heap: [(tick: UInt64, sequence: UInt64, event: Event)] = []
  private var sequence: UInt64 = 0

  var nextTick: UInt64? { heap.first?.tick }

  mutating func push(_ event: Event, at tick: UInt64) {
    sequence += 1
    heap.append((tick, sequence, event))
    var child = heap.count - 1
    while child > 0, before(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (tick: UInt64, event: Event)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      var parent = 0
      while true {
        var least = parent
        for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && before(child, least) { least = child }
        if least == parent { break }
        heap.swapAt(parent, least)
        parent = least
      }
    }
    return (first.tick, first.event)
  }

  private func before(_ left: Int, _ right: Int) -> Bool {
    (heap[left].tick, heap[left].sequence) < (heap[right].tick, heap[right].sequence)
  }
}

/// The slots of a table in the order of their keys, for listing. They are kept in a list of short runs, so that
/// adding or removing a slot moves a few kilobytes at most.
struct SortedSlots: Sendable {
  private static let runLimit = 512
  // No run is empty.
  private var runs: [[UInt32]] = []

  private(set) var count = 0

  init() {}

  /// Creates the list from slots that are already in the order of their keys.
  init(ascending slots: [UInt32]) {
    count = slots.count
    let length = Self.runLimit / 2
    runs = stride(from: 0, to: slots.count, by: length).map { Array(slots[$0..<min($0 + length, slots.count)]) }
  }

  /// Adds `slot`, whose key must be new. `precedes` returns whether the key of a slot is below the new key.
  mutating func insert(_ slot: UInt32, _ precedes: (UInt32) -> Bool) {
    count += 1
    guard !runs.isEmpty else { return runs.append([slot]) }
    let run = max(runIndex(precedes) - 1, 0)
    runs[run].insert(slot, at: Self.partition(runs[run], precedes))
    guard runs[run].count > Self.runLimit else { return }
    let upper = Array(runs[run][(Self.runLimit / 2)...])
    runs[run].removeLast(upper.count)
    runs.insert(upper, at: run + 1)
  }

  /// Removes `slot`. `precedes` returns whether the key of a slot is below that of `slot`.
  mutating func remove(_ slot: UInt32, _ precedes: (UInt32) -> Bool) {
    // The first run whose first key is not below the key starts with the slot itself, or the slot is in the run
    // before it.
    var run = runIndex(precedes)
    if run == runs.count || runs[run][0] != slot { run -= 1 }
    precondition(run >= 0, "slot \(slot) is not listed")
    let place = Self.partition(runs[run], precedes)
    precondition(place < runs[run].count && runs[run][place] == slot, "slot \(slot) is not listed")
    runs[run].remove(at: place)
    if runs[run].isEmpty { runs.remove(at: run) }
    count -= 1
  }

  /// Visits slots in key order until `body` returns false, starting at the first for which `precedes` returns false.
  func visit(from precedes: (UInt32) -> Bool, _ body: (UInt32) -> Bool) {
    var run = max(runIndex(precedes) - 1, 0)
    while run < runs.count {
      let start = Self.partition(runs[run], precedes)
      for index in start..<runs[run].count where !body(runs[run][index]) { return }
      run += 1
    }
  }

  /// The number of runs whose first key is below.
  private func runIndex(_ precedes: (UInt32) -> Bool) -> Int {
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(runs[middle][0]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number of slots in `run` whose key is below.
  private static func partition(_ run: [UInt32], _ precedes: (UInt32) -> Bool) -> Int {
    var low = 0
    var high = run.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(run[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

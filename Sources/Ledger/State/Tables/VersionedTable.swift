internal import Primitives

/// Rows in dense slots, which remember what they were before each unsettled block.
///
/// The first change of a row in a block adds the old row to the block's list. All lists together form one sequence
/// with consecutive numbers. A row's mark is the number of its newest old version, which in turn holds the row's
/// previous mark. The versions of a row thus form a chain from the newest to the settled one, and reverting a block
/// walks its list once without searching. 32-bit numbers wrap around, so the chain ends at a number that is no longer kept
/// or now belongs to another row: a mark counts only if the version it names has the same slot and is older than the
/// version before it in the chain.
///
/// Rows are created at the end and removed only when their creation is reverted, in reverse order. Where rows are recycled,
/// they are first created in slots whose rows are vacant and not needed for any earlier state.
struct VersionedTable<Row: TableRow>: ~Copyable {
  /// A row as it was before a block.
  struct Version {
    let slot: UInt32
    /// The mark that the row had before.
    let older: UInt32
    /// Whether the block created the row. If so, `row` is the created row, or the vacant one that was in the slot; an
    /// optional would take more space.
    let isNew: Bool
    fileprivate let row: Row

    /// The row before the block; nil if the block created it.
    var old: Row? { isNew ? nil : row }
  }

  /// The rows that one block touched, and the number of the first of them.
  private struct List {
    var start: UInt32
    var versions: [Version]
  }

  private(set) var rows: [Row] = []
  private var marks: [UInt32] = []
  private var index = SlotIndex()
  private let seed = HashSeed.process
  /// The list of the open block, and the number of its first version.
  private var touched: [Version] = []
  private var openStart: UInt32 = 0
  // Where the open transaction began, and the old rows of slots that its block had touched before it.
  private var transactionStart = 0
  private var journal: [(slot: UInt32, row: Row)] = []
  /// The lists of the unsettled blocks, the oldest first.
  private var lists: [List] = []
  // The buffer of a settled list, to be reused for the next open one.
  private var spare: [Version] = []
  private var isPinned = false
  /// The lists of the blocks that were settled since the state was pinned, the oldest first.
  private var pinnedLists: [List] = []
  /// The slots that can be used again, and those that may become so with the next settled block or when nothing is pinned.
  private var free: [UInt32] = []
  private var vacated: [UInt32] = []

  /// Creates an empty table. `firstNumber` is the number of its first change, so that tests can make the numbers wrap
  /// around.
  init(firstNumber: UInt32 = 0) { openStart = firstNumber }

  var count: Int { rows.count }

  /// The slot of the row with `key`; nil if there is none.
  @inline(__always)
  func slot(of key: Row.Key) -> UInt32? { index.slot(key.hash(seed)) { rows[Int($0)].key == key } }

  subscript(slot: UInt32) -> Row { rows[Int(slot)] }

  // MARK: Changing

  /// Adds a row with a new key.
  @discardableResult
  mutating func create(_ row: Row) -> UInt32 {
    assert(slot(of: row.key) == nil, "slot \(rows.count) would have a key that exists already")
    let mark = openStart &+ UInt32(touched.count)
    if Row.isRecycled, let slot = free.popLast() {
      index.insert(row.key.hash(seed), slot)
      touched.append(Version(slot: slot, older: 0, isNew: true, row: rows[Int(slot)]))
      rows[Int(slot)] = row
      marks[Int(slot)] = mark
      return slot
    }
    let slot = UInt32(rows.count)
    index.insert(row.key.hash(seed), slot)
    marks.append(mark)
    touched.append(Version(slot: slot, older: 0, isNew: true, row: row))
    rows.append(row)
    return slot
  }

  /// Changes a row, but not its key.
  @inline(__always)
  mutating func change(_ slot: UInt32, _ body: (inout Row) -> Void) {
    let index = Int(slot)
    let place = Int(marks[index] &- openStart)
    if place >= touched.count || touched[place].slot != slot {
      touched.append(Version(slot: slot, older: marks[index], isNew: false, row: rows[index]))
      marks[index] = openStart &+ UInt32(touched.count - 1)
    } else if place < transactionStart {
      journal.append((slot, rows[index]))
    }
    body(&rows[index])
  }

  // MARK: Transactions and blocks

  /// The rows that a block touched, as they were before it.
  func versions(of block: ChangedBlock) -> [Version] {
    switch block {
    case .open: touched
    case .newest: lists.last?.versions ?? []
    }
  }

  mutating func beginTransaction() {
    transactionStart = touched.count
    if !journal.isEmpty { journal.removeAll(keepingCapacity: true) }
  }

  /// Reverts all changes since `beginTransaction`, the newest first. `restored` is called for each step with the
  /// slot, the row that was there, and the row that is there now, or nil if the slot is gone.
  mutating func rollBack(_ restored: (UInt32, Row, Row?) -> Void = { _, _, _ in }) {
    while let entry = journal.popLast() {
      let row = rows[Int(entry.slot)]
      rows[Int(entry.slot)] = entry.row
      restored(entry.slot, row, entry.row)
    }
    while touched.count > transactionStart, let version = touched.popLast() { restore(version, restored) }
  }

  /// Ends the open block and keeps its list until the block is settled or reverted.
  mutating func endBlock() {
    journal.removeAll(keepingCapacity: true)
    lists.append(List(start: openStart, versions: touched))
    openStart &+= UInt32(touched.count)
    touched = spare
    spare = []
    transactionStart = 0
  }

  /// Ends the open block as settled, so that it cannot be reverted. There must be no other unsettled block.
  mutating func endSettledBlock() {
    precondition(lists.isEmpty, "a block was settled before \(lists.count) older ones")
    journal.removeAll()
    openStart &+= UInt32(touched.count)
    touched.removeAll()
    transactionStart = 0
  }

  /// Reverts the newest block and calls `restored` as `rollBack` does.
  mutating func revertBlock(_ restored: (UInt32, Row, Row?) -> Void = { _, _, _ in }) {
    guard let list = lists.popLast() else { preconditionFailure("there is no block to revert") }
    for version in list.versions.reversed() {
      restore(version, restored)
      if Row.isRecycled, version.old?.isVacant ?? false { vacated.append(version.slot) }
    }
    openStart = list.start
  }

  /// Drops the old rows of the `count` oldest unsettled blocks.
  mutating func settle(_ count: Int) {
    if Row.isRecycled {
      for list in lists.prefix(count) {
        for version in list.versions where rows[Int(version.slot)].isVacant { vacated.append(version.slot) }
      }
    }
    if isPinned {
      pinnedLists.append(contentsOf: lists.prefix(count))
    } else if count > 0, spare.capacity == 0 {
      swap(&spare, &lists[0].versions)
      spare.removeAll(keepingCapacity: true)
    }
    lists.removeFirst(count)
    freeVacated()
  }

  /// Frees the slots whose vacant rows nothing can ask for any more.
  private mutating func freeVacated() {
    guard !isPinned, !vacated.isEmpty else { return }
    let start = lists.first?.start ?? openStart
    for slot in vacated {
      // A slot may be gone by now, or free already. What an unsettled block changed comes up again.
      guard Int(slot) < rows.count, rows[Int(slot)].isVacant, self.slot(of: rows[Int(slot)].key) == slot,
        !isChanged(slot, since: start)
      else { continue }
      index.remove(rows[Int(slot)].key.hash(seed), slot)
      free.append(slot)
    }
    vacated.removeAll()
  }

  /// Whether the change with number `start` or a later one changed the row.
  private func isChanged(_ slot: UInt32, since start: UInt32) -> Bool {
    let mark = marks[Int(slot)]
    return mark &- start < openStart &+ UInt32(touched.count) &- start && version(mark).slot == slot
  }

  private mutating func restore(_ version: Version, _ restored: (UInt32, Row, Row?) -> Void) {
    if let old = version.old {
      let row = rows[Int(version.slot)]
      rows[Int(version.slot)] = old
      marks[Int(version.slot)] = version.older
      restored(version.slot, row, old)
    } else if Row.isRecycled, version.row.isVacant {
      let row = rows[Int(version.slot)]
      rows[Int(version.slot)] = version.row
      index.remove(row.key.hash(seed), version.slot)
      free.append(version.slot)
      restored(version.slot, row, nil)
    } else {
      let row = rows.removeLast()
      marks.removeLast()
      index.remove(row.key.hash(seed), version.slot)
      restored(version.slot, row, nil)
    }
  }

  // MARK: The past

  /// The row as of the last settled block; nil if it did not exist then.
  func settled(_ slot: UInt32) -> Row? { past(slot, from: lists.first?.start ?? openStart) }

  /// The rows that the unsettled block at `index`, counted from the oldest, created or changed, as they are after it,
  /// in the order of their first change.
  func changes(ofUnsettled index: Int) -> [RowChange<Row>] {
    let end = index + 1 < lists.count ? lists[index + 1].start : openStart
    return lists[index].versions.map { version in
      guard let row = past(version.slot, from: end) else {
        preconditionFailure("slot \(version.slot) is empty after a block that changed it")
      }
      return RowChange(slot: version.slot, row: row)
    }
  }

  /// Whether the unsettled block at `index`, counted from the oldest, created or changed a row.
  func isChanged(byUnsettled index: Int) -> Bool { !lists[index].versions.isEmpty }

  /// Keeps the rows as of the last settled block until `unpin`.
  mutating func pin() { isPinned = true }

  mutating func unpin() {
    isPinned = false
    pinnedLists = []
    freeVacated()
  }

  /// The row as it was when the state was pinned; nil if it did not exist then. `slot` may be beyond the last row.
  func pinned(_ slot: UInt32) -> Row? {
    guard isPinned, Int(slot) < rows.count else { return nil }
    return past(slot, from: pinnedLists.first?.start ?? lists.first?.start ?? openStart)
  }

  /// The row as it was before the change with number `start` and all later changes.
  private func past(_ slot: UInt32, from start: UInt32) -> Row? {
    var row = rows[Int(slot)]
    var mark = marks[Int(slot)]
    // The number of changes from `start` on, at first to the end, then to the version that was looked at last.
    var bound = openStart &+ UInt32(touched.count) &- start
    while mark &- start < bound {
      let version = version(mark)
      guard version.slot == slot else { break }
      guard let old = version.old else { return nil }
      row = old
      bound = mark &- start
      mark = version.older
    }
    return row
  }

  /// The version with this number, which is still kept.
  private func version(_ number: UInt32) -> Version {
    if number &- openStart < UInt32(touched.count) { return touched[Int(number &- openStart)] }
    // Numbers are compared by their distance from the first that is kept.
    let first = pinnedLists.first?.start ?? lists.first?.start ?? openStart
    let isUnsettled = lists.first.map { number &- first >= $0.start &- first } ?? false
    let lists = isUnsettled ? lists : pinnedLists
    var low = 0
    var high = lists.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lists[middle].start &- first <= number &- first { low = middle } else { high = middle - 1 }
    }
    return lists[low].versions[Int(number &- lists[low].start)]
  }

  // MARK: Loading a snapshot

  /// Appends a settled row with a new key.
  @discardableResult
  mutating func load(_ row: Row) -> UInt32 {
    let slot = UInt32(rows.count)
    index.insert(row.key.hash(seed), slot)
    rows.append(row)
    marks.append(0)
    return slot
  }

  /// Changes a row, but not its key, in a way that is never reverted.
  mutating func amend(_ slot: UInt32, _ body: (inout Row) -> Void) { body(&rows[Int(slot)]) }

  /// Makes room for about as many rows as will be loaded.
  mutating func reserve(_ count: Int) {
    rows.reserveCapacity(count)
    marks.reserveCapacity(count)
    index.reserve(count)
  }

  /// The settled row with `key`.
  func settled(_ key: Row.Key) -> Row? { slot(of: key).flatMap { settled($0) } }
}

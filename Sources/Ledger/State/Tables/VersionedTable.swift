internal import Primitives

/// Rows in dense slots that remember what they were before each unsettled block.
///
/// The first change of a row in a block keeps the old row in the block's list. All lists together are one sequence,
/// numbered on and on; the row's mark is the number of its newest old version, which holds the mark before it. So the
/// versions of a row form a chain from the newest to the settled one, reverting a block walks its list once, and
/// nothing is searched. A number that is not kept any more, or that another row has by now since numbers of 32 bits
/// come again, ends the chain: a mark counts if the version it names is of the same slot and older than the last one.
///
/// Rows are created at the end and leave only when their creation is taken back, in reverse order.
struct VersionedTable<Row: TableRow>: ~Copyable {
  /// A row as it was before a block.
  struct Version {
    let slot: UInt32
    /// The row's mark before.
    let older: UInt32
    /// Whether there was none: then `row` is the one that the block made. An optional would be longer.
    let isNew: Bool
    fileprivate let row: Row

    /// The row, nil if the block created it.
    var old: Row? { isNew ? nil : row }
  }

  /// What one block touched, and the number of the first of it.
  private struct List {
    var start: UInt32
    var versions: [Version]
  }

  private(set) var rows: [Row] = []
  private var marks: [UInt32] = []
  private var index = SlotIndex()
  private let seed = HashSeed.process
  private var sorted = SortedSlots()
  /// The open block's list, and the number of the first of it.
  private var touched: [Version] = []
  private var openStart: UInt32 = 0
  // Where the open transaction began, and old rows of slots that its block had touched before.
  private var transactionStart = 0
  private var journal: [(slot: UInt32, row: Row)] = []
  /// The lists of the unsettled blocks, oldest first.
  private var lists: [List] = []
  // The memory of a settled list, for the next open one.
  private var spare: [Version] = []
  private var isPinned = false
  /// The lists of the blocks that were settled since the past was pinned, oldest first.
  private var pinnedLists: [List] = []

  /// `firstNumber` is that of the first change: tests let the numbers come again.
  init(firstNumber: UInt32 = 0) { openStart = firstNumber }

  var count: Int { rows.count }

  /// The slot of the row with `key`, nil if there is none.
  @inline(__always)
  func slot(of key: Row.Key) -> UInt32? { index.slot(key.hash(seed)) { rows[Int($0)].key == key } }

  subscript(slot: UInt32) -> Row { rows[Int(slot)] }

  // MARK: Changing

  /// Appends a row, whose key is new.
  @discardableResult
  mutating func create(_ row: Row) -> UInt32 {
    let slot = UInt32(rows.count)
    assert(self.slot(of: row.key) == nil, "slot \(slot) would have another's key")
    index.insert(row.key.hash(seed), slot)
    marks.append(openStart &+ UInt32(touched.count))
    touched.append(Version(slot: slot, older: 0, isNew: true, row: row))
    rows.append(row)
    if Row.isListed {
      let key = row.key
      sorted.insert(slot) { [rows] in rows[Int($0)].key < key }
    }
    return slot
  }

  /// Changes a row; its key stays.
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

  /// Takes back what changed since `beginTransaction`, newest first. `restored` is told each step: the slot, the
  /// row that was there, and the row that is there now, nil if the slot is gone.
  mutating func rollBack(_ restored: (UInt32, Row, Row?) -> Void = { _, _, _ in }) {
    while let entry = journal.popLast() {
      let row = rows[Int(entry.slot)]
      rows[Int(entry.slot)] = entry.row
      restored(entry.slot, row, entry.row)
    }
    while touched.count > transactionStart, let version = touched.popLast() { restore(version, restored) }
  }

  /// Ends the open block and keeps its list until it is settled or reverted.
  mutating func endBlock() {
    journal.removeAll(keepingCapacity: true)
    lists.append(List(start: openStart, versions: touched))
    openStart &+= UInt32(touched.count)
    touched = spare
    spare = []
    transactionStart = 0
  }

  /// Ends the open block as settled: there is no way back. No block waits to be settled.
  mutating func endSettledBlock() {
    precondition(lists.isEmpty, "a block was settled before \(lists.count) older ones")
    journal.removeAll()
    openStart &+= UInt32(touched.count)
    touched.removeAll()
    transactionStart = 0
  }

  /// Takes the newest block back, telling the steps as `rollBack` does.
  mutating func revertBlock(_ restored: (UInt32, Row, Row?) -> Void = { _, _, _ in }) {
    guard let list = lists.popLast() else { preconditionFailure("no block to take back") }
    for version in list.versions.reversed() { restore(version, restored) }
    openStart = list.start
  }

  /// Forgets the old rows of the `count` oldest unsettled blocks.
  mutating func settle(_ count: Int) {
    if isPinned {
      pinnedLists.append(contentsOf: lists.prefix(count))
    } else if count > 0, spare.capacity == 0 {
      swap(&spare, &lists[0].versions)
      spare.removeAll(keepingCapacity: true)
    }
    lists.removeFirst(count)
  }

  private mutating func restore(_ version: Version, _ restored: (UInt32, Row, Row?) -> Void) {
    if let old = version.old {
      let row = rows[Int(version.slot)]
      rows[Int(version.slot)] = old
      marks[Int(version.slot)] = version.older
      restored(version.slot, row, old)
    } else {
      if Row.isListed {
        let key = rows[Int(version.slot)].key
        sorted.remove(version.slot) { [rows] in rows[Int($0)].key < key }
      }
      let row = rows.removeLast()
      marks.removeLast()
      index.remove(row.key.hash(seed), version.slot)
      restored(version.slot, row, nil)
    }
  }

  // MARK: The past

  /// The row as it is after the last settled block, nil if it did not exist then.
  func settled(_ slot: UInt32) -> Row? { past(slot, from: lists.first?.start ?? openStart) }

  /// Keeps what the rows are after the last settled block until `unpin`.
  mutating func pin() { isPinned = true }

  mutating func unpin() {
    isPinned = false
    pinnedLists = []
  }

  /// The row as it was when the past was pinned, nil if it did not exist then. `slot` may be beyond the rows.
  func pinned(_ slot: UInt32) -> Row? {
    guard isPinned, Int(slot) < rows.count else { return nil }
    return past(slot, from: pinnedLists.first?.start ?? lists.first?.start ?? openStart)
  }

  /// The row as it was before the change with number `start` and all that followed.
  private func past(_ slot: UInt32, from start: UInt32) -> Row? {
    var row = rows[Int(slot)]
    var mark = marks[Int(slot)]
    // How many changes there are from `start` on, then: up to the last one that was looked at.
    var bound = openStart &+ UInt32(touched.count) &- start
    while mark &- start < bound {
      let version = version(mark, from: start)
      guard version.slot == slot else { break }
      guard let old = version.old else { return nil }
      row = old
      bound = mark &- start
      mark = version.older
    }
    return row
  }

  /// The version with this number, which is not before `start` and kept.
  private func version(_ number: UInt32, from start: UInt32) -> Version {
    if number &- openStart < UInt32(touched.count) { return touched[Int(number &- openStart)] }
    let isUnsettled = lists.first.map { number &- start >= $0.start &- start } ?? false
    let lists = isUnsettled ? lists : pinnedLists
    var low = 0
    var high = lists.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lists[middle].start &- start <= number &- start { low = middle } else { high = middle - 1 }
    }
    return lists[low].versions[Int(number &- lists[low].start)]
  }

  // MARK: Loading a snapshot

  /// Appends a row that is settled, whose key is new. `finishLoading` must follow the last one.
  @discardableResult
  mutating func load(_ row: Row) -> UInt32 {
    let slot = UInt32(rows.count)
    index.insert(row.key.hash(seed), slot)
    rows.append(row)
    marks.append(0)
    return slot
  }

  /// Changes a row in a way that is not taken back; its key stays.
  mutating func amend(_ slot: UInt32, _ body: (inout Row) -> Void) { body(&rows[Int(slot)]) }

  /// Makes room for about as many rows as will be loaded.
  mutating func reserve(_ count: Int) {
    rows.reserveCapacity(count)
    marks.reserveCapacity(count)
    index.reserve(count)
  }

  /// Puts the loaded rows in order, at once: one by one would touch every row many times.
  mutating func finishLoading() {
    guard Row.isListed else { return }
    var keyed = rows.indices.map { (key: rows[$0].key, slot: UInt32($0)) }
    keyed.sort { $0.key < $1.key }
    sorted = SortedSlots(ascending: keyed.map(\.slot))
  }

  /// Visits settled rows in key order, from the first whose key is not below `key` or, if `key` is nil, from the
  /// first of all, until `body` returns false.
  func visitSettled(from key: Row.Key?, _ body: (Row) -> Bool) {
    precondition(Row.isListed, "this table keeps no order")
    sorted.visit(
      from: { slot in key.map { rows[Int(slot)].key < $0 } ?? false },
      { slot in settled(slot).map(body) ?? true })
  }

  /// The settled row with `key`.
  func settled(_ key: Row.Key) -> Row? { slot(of: key).flatMap { settled($0) } }
}

internal import Primitives

/// A row that can be found by its key.
protocol TableRow: Sendable {
  associatedtype Key: TableKey
  var key: Key { get }
  /// Whether the table can list its rows in key order.
  static var isListed: Bool { get }
}

/// Rows in dense slots that remember what they were before each unsettled block.
///
/// The first change of a row in a block keeps the old row in the block's list; the row's mark says where, and the
/// list's entry holds the mark before it. So the versions of a row form a chain from the newest to the settled
/// one, reverting a block walks its list once, and nothing is searched.
///
/// Rows are created at the end and leave only when their creation is taken back, in reverse order.
struct VersionedTable<Row: TableRow>: ~Copyable {
  /// Where the newest old version of a row is: in the list of block `height`, at `place`. The height is 0 for a
  /// row that no unsettled block changed.
  struct Mark: BitwiseCopyable {
    var height: UInt64
    var place: UInt32
  }

  /// A row as it was before a block: nil if the block created it.
  struct Version {
    var slot: UInt32
    var row: Row?
    var mark: Mark
  }

  private(set) var rows: [Row] = []
  private var marks: [Mark] = []
  private var index = SlotIndex()
  private let seed = HashSeed.process
  private var sorted = SortedSlots()
  /// The open block's height and list.
  private var height: UInt64 = 0
  private(set) var touched: [Version] = []
  // Where the open transaction began, and old rows of slots that its block had touched before.
  private var transactionStart = 0
  private var journal: [(slot: UInt32, row: Row)] = []
  /// The lists of the unsettled blocks, oldest first, with consecutive heights from `firstHeight` on.
  private var lists: [[Version]] = []
  private var firstHeight: UInt64 = 1
  // The memory of a settled list, for the next open one.
  private var spare: [Version] = []
  /// The first height whose changes the pinned past does not have; nil while nothing is pinned.
  private var pinnedBefore: UInt64?
  /// The lists of the blocks that were settled since the past was pinned, oldest first.
  private var pinnedLists: [[Version]] = []

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
    touched.append(Version(slot: slot, row: nil, mark: Mark(height: 0, place: 0)))
    rows.append(row)
    marks.append(Mark(height: height, place: UInt32(touched.count - 1)))
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
    let mark = marks[index]
    if mark.height != height {
      marks[index] = Mark(height: height, place: UInt32(touched.count))
      touched.append(Version(slot: slot, row: rows[index], mark: mark))
    } else if mark.place < transactionStart {
      journal.append((slot, rows[index]))
    }
    body(&rows[index])
  }

  // MARK: Transactions and blocks

  mutating func beginBlock(_ height: UInt64) {
    self.height = height
    beginTransaction()
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
    if lists.isEmpty { firstHeight = height }
    lists.append(touched)
    touched = spare
    spare = []
    transactionStart = 0
  }

  /// Ends the open block as settled: there is no way back.
  mutating func endSettledBlock() {
    journal.removeAll()
    touched.removeAll()
    transactionStart = 0
  }

  /// Takes the newest block back, telling the steps as `rollBack` does.
  mutating func revertBlock(_ restored: (UInt32, Row, Row?) -> Void = { _, _, _ in }) {
    guard let list = lists.popLast() else { preconditionFailure("no block to take back") }
    for version in list.reversed() { restore(version, restored) }
  }

  /// Forgets the old rows of the `count` oldest unsettled blocks.
  mutating func settle(_ count: Int) {
    if pinnedBefore != nil {
      pinnedLists.append(contentsOf: lists.prefix(count))
    } else if count > 0, spare.capacity == 0 {
      swap(&spare, &lists[0])
      spare.removeAll(keepingCapacity: true)
    }
    lists.removeFirst(count)
    firstHeight += UInt64(count)
  }

  private mutating func restore(_ version: Version, _ restored: (UInt32, Row, Row?) -> Void) {
    if let old = version.row {
      let row = rows[Int(version.slot)]
      rows[Int(version.slot)] = old
      marks[Int(version.slot)] = version.mark
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

  // MARK: The settled past

  /// The row as it is after the last settled block, nil if it did not exist then.
  func settled(_ slot: UInt32) -> Row? {
    var row = rows[Int(slot)]
    var mark = marks[Int(slot)]
    while !lists.isEmpty, mark.height >= firstHeight {
      let version = lists[Int(mark.height - firstHeight)][Int(mark.place)]
      guard let old = version.row else { return nil }
      row = old
      mark = version.mark
    }
    return row
  }

  // MARK: A pinned past

  /// Keeps what the rows are after the block at `height`, the last settled one, until `unpin`.
  mutating func pin(at height: UInt64) { pinnedBefore = height + 1 }

  mutating func unpin() {
    pinnedBefore = nil
    pinnedLists = []
  }

  /// The row as it was at the pinned height, nil if it did not exist then. `slot` may be beyond the rows.
  func pinned(_ slot: UInt32) -> Row? {
    guard let pinnedBefore, Int(slot) < rows.count else { return nil }
    var row = rows[Int(slot)]
    var mark = marks[Int(slot)]
    while mark.height >= pinnedBefore {
      let block = Int(mark.height - pinnedBefore)
      let list = block < pinnedLists.count ? pinnedLists[block] : lists[block - pinnedLists.count]
      guard let old = list[Int(mark.place)].row else { return nil }
      row = old
      mark = list[Int(mark.place)].mark
    }
    return row
  }

  // MARK: Loading a snapshot

  /// Appends a row that is settled, whose key is new. `finishLoading` must follow the last one.
  @discardableResult
  mutating func load(_ row: Row) -> UInt32 {
    let slot = UInt32(rows.count)
    index.insert(row.key.hash(seed), slot)
    rows.append(row)
    marks.append(Mark(height: 0, place: 0))
    return slot
  }

  /// Changes a row that was loaded; its key stays.
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

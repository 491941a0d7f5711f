/// The settled rows of one of the state's tables, in the same slots, without their history.
struct ViewTable<Row: TableRow>: ~Copyable {
  private(set) var rows: [Row] = []
  private var index = SlotIndex()
  private let seed = HashSeed.process
  private let isListed: Bool
  /// Empty unless the table is listed.
  private var sorted = SortedSlots()

  /// - Parameter isListed: whether the rows are listed in key order.
  init(_ table: borrowing VersionedTable<Row>, isListed: Bool) {
    self.isListed = isListed
    rows.reserveCapacity(table.count)
    index.reserve(table.count)
    // Settled rows come before the others, because rows are created in order.
    for slot in 0..<UInt32(table.count) {
      guard let row = table.settled(slot) else { break }
      index.insert(row.key.hash(seed), slot)
      rows.append(row)
    }
    guard isListed else { return }
    // Sorted in one go; inserting the rows one by one would touch each of them many times.
    var keyed = rows.indices.map { (key: rows[$0].key, slot: UInt32($0)) }
    keyed.sort { $0.key < $1.key }
    sorted = SortedSlots(ascending: keyed.map(\.slot))
  }

  mutating func apply(_ changes: [RowChange<Row>]) {
    for change in changes {
      guard Int(change.slot) == rows.count else {
        rows[Int(change.slot)] = change.row
        continue
      }
      let key = change.row.key
      index.insert(key.hash(seed), change.slot)
      rows.append(change.row)
      if isListed { sorted.insert(change.slot) { [rows] in rows[Int($0)].key < key } }
    }
  }

  func slot(of key: Row.Key) -> UInt32? { index.slot(key.hash(seed)) { rows[Int($0)].key == key } }

  func row(of key: Row.Key) -> Row? { slot(of: key).map { rows[Int($0)] } }

  /// Visits rows in key order until `body` returns false, starting at the first row whose key is not below `key`, or at
  /// the first of all if `key` is nil.
  func visit(from key: Row.Key?, _ body: (Row) -> Bool) {
    precondition(isListed, "this table is not sorted")
    sorted.visit(
      from: { slot in key.map { rows[Int(slot)].key < $0 } ?? false },
      { slot in body(rows[Int(slot)]) })
  }

  /// At most `limit` values of rows after `key`, in key order, without those rows that have none.
  func list<Value>(after key: Row.Key?, limit: Int, _ value: (Row) -> Value?) -> [Value] {
    var found: [Value] = []
    visit(from: key) { row in
      guard found.count < limit else { return false }
      if row.key != key, let value = value(row) { found.append(value) }
      return true
    }
    return found
  }
}

/// The settled rows of one of the state's tables, in the same slots, without their history. Vacant rows are there, but are
/// neither found nor listed.
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
    var keyed = rows.indices.filter { !rows[$0].isVacant }.map { (key: rows[$0].key, slot: UInt32($0)) }
    keyed.sort { $0.key < $1.key }
    sorted = SortedSlots(ascending: keyed.map(\.slot))
  }

  mutating func apply(_ changes: [RowChange<Row>]) {
    for change in changes {
      let (slot, row) = (change.slot, change.row)
      let key = row.key
      let isNew = Int(slot) == rows.count
      let wasVacant = isNew || rows[Int(slot)].isVacant
      if isNew {
        index.insert(key.hash(seed), slot)
        rows.append(row)
      } else {
        rows[Int(slot)] = row
      }
      guard isListed, row.isVacant != wasVacant else { continue }
      let precedes = { [rows] (other: UInt32) in rows[Int(other)].key < key }
      if row.isVacant { sorted.remove(slot, precedes) } else { sorted.insert(slot, precedes) }
    }
  }

  func slot(of key: Row.Key) -> UInt32? {
    guard let slot = index.slot(key.hash(seed), { rows[Int($0)].key == key }) else { return nil }
    return rows[Int(slot)].isVacant ? nil : slot
  }

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

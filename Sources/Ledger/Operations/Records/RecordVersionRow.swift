/// An older version of a record.
struct RecordVersionRow: StateRow {
  struct Key: Hashable, TableKey {
    var record: UInt32
    var version: UInt64

    static func < (left: Key, right: Key) -> Bool {
      left.record != right.record ? left.record < right.record : left.version < right.version
    }
  }

  /// The slot of the record.
  var slot: UInt32
  var record: RecordVersion

  var key: Key { Key(record: slot, version: record.version) }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .recordVersion(record) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

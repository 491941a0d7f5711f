/// The latest version of a record, found by the bytes of its key.
struct RecordRow: StateRow {
  /// Compared by bytes, because `String` treats different bytes as equal if they are canonically equivalent.
  struct Key: Hashable, TableKey {
    var collection: CollectionName
    var key: [UInt8]

    static func < (left: Key, right: Key) -> Bool {
      left.collection != right.collection
        ? left.collection < right.collection : left.key.lexicographicallyPrecedes(right.key)
    }
  }

  let key: Key
  /// The latest version.
  var record: RecordVersion

  func entry(in state: borrowing LedgerState) -> StateEntry? { .record(record) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

/// A record by the bytes of its key.
struct RecordRow: StateRow {
  /// Compared by bytes: `String` takes different bytes for equal if they look the same.
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

  static var isListed: Bool { true }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .record(record) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

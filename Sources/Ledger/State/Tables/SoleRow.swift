/// A row of a table that has exactly one: the parameters, or the configuration.
struct SoleRow<Value: SoleValue>: StateRow {
  struct Key: Hashable, TableKey {
    static func < (left: Key, right: Key) -> Bool { false }
  }

  var value: Value
  var key: Key { Key() }

  func entry(in state: borrowing LedgerState) -> StateEntry? { value.stateEntry }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

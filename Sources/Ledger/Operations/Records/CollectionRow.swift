/// A collection of records and the slot of the member that owns it.
struct CollectionRow: StateRow {
  var name: CollectionName
  var owner: UInt32

  var key: CollectionName { name }

  func entry(in state: borrowing LedgerState) -> StateEntry? {
    .collection(name, owner: state.members.rows[Int(owner)].name)
  }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

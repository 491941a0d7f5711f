/// A row of one of the state's tables. Each is declared with the operations of its family.
protocol StateRow: TableRow {
  /// The state's entry for this row; nil if it currently has none.
  func entry(in state: borrowing LedgerState) -> StateEntry?
  /// Updates the derived indexes when a change is reverted: `row` was in the slot and `old` is there now, or nil if
  /// the slot is gone.
  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes)
}

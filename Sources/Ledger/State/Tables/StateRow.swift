/// A row of one of the state's tables, beside the operations of its family.
protocol StateRow: TableRow {
  /// What the state says by this row, nil if it says nothing now.
  func entry(in state: borrowing LedgerState) -> StateEntry?
  /// Keeps what is derived from the table in step when a change is taken back: `row` was there, and `old` is there now,
  /// nil if the slot is gone.
  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes)
}

/// A row of a table as it is after a block that created or changed it.
struct RowChange<Row: TableRow>: Sendable {
  let slot: UInt32
  let row: Row
}

/// A row that is found by its key.
protocol TableRow: Sendable {
  associatedtype Key: TableKey
  var key: Key { get }
}

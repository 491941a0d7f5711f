/// A row that is found by its key.
protocol TableRow: Sendable {
  associatedtype Key: TableKey
  var key: Key { get }
  /// Whether the table can list its rows in key order.
  static var isListed: Bool { get }
}

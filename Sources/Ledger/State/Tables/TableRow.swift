/// A row that is found by its key.
protocol TableRow: Sendable {
  associatedtype Key: TableKey
  var key: Key { get }
  /// Whether the slots of vacant rows are used again, for rows with other keys.
  static var isRecycled: Bool { get }
  /// Whether the row stands for nothing.
  var isVacant: Bool { get }
}

extension TableRow {
  static var isRecycled: Bool { false }
  var isVacant: Bool { false }
}

import LedgerJSON

/// Operations as lines for people.
enum OperationList {
  /// The maximum number of lines shown of a long list.
  private static let limit = 20

  static func print(_ operations: [RenderedOperation], indent: Int) {
    let space = String(repeating: " ", count: indent)
    for operation in operations.prefix(limit) { Console.print(space + operation.line) }
    if operations.count > limit { Console.print(space + "… and \(operations.count - limit) more") }
  }
}

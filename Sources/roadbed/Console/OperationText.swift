import Ledger
import LedgerJSON

/// Operations as lines for people.
enum OperationText {
  /// The maximum number of lines shown of a long list.
  private static let limit = 20

  static func print(_ operations: [RenderedOperation], indent: Int) {
    let space = String(repeating: " ", count: indent)
    for operation in operations.prefix(limit) { Console.print(space + line(operation)) }
    if operations.count > limit { Console.print(space + "… and \(operations.count - limit) more") }
  }

  static func line(_ rendered: RenderedOperation) -> String {
    "\(rendered.operation.kind.name) \(rendered.operation.described.text(decimals: rendered.decimals))"
  }
}

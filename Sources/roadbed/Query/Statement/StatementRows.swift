import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// A statement as comma-separated values (RFC 4180), with a row for each opening amount, movement and closing amount.
struct StatementRows: StatementPrinter {
  private static let header = [
    "row", "height", "index", "operation", "time", "transaction", "movement", "asset", "counterparty", "reference",
    "memo",
    "available", "held", "balance", "heldBalance", "basis",
  ]

  private let statement: ReconciledStatement

  init(_ statement: ReconciledStatement) { self.statement = statement }

  mutating func begin() {
    write(Self.header)
    for balance in statement.openingBalances { write(balance, "opening", statement.opening.description) }
  }

  mutating func add(_ movement: MovementView, _ after: AccountAmounts) {
    write([
      "movement", "\(movement.height)", movement.index.map(String.init) ?? "", "\(movement.operation)",
      movement.blockTime.iso8601, movement.transaction?.description ?? "", movement.kind.rawValue, "\(movement.asset)",
      movement.counterparty?.description ?? "", Self.foreign(movement.reference?.description),
      Self.foreign(movement.memo ?? movement.memoHex), movement.available, movement.held ?? "",
      statement.text(after.available, of: movement.asset), statement.text(after.held, of: movement.asset), "",
    ])
  }

  mutating func end() {
    for balance in statement.closingBalances { write(balance, "closing", statement.closing.description) }
  }

  private func write(_ balance: StatementBalance, _ row: String, _ height: String) {
    write([
      row, height, "", "", "", "", "", "\(balance.asset)", "", "", "", "", "", balance.available, balance.held,
      balance.basis.rawValue,
    ])
  }

  private func write(_ cells: [String]) { Console.write(cells.map(Self.cell).joined(separator: ",") + "\r\n") }

  /// A cell that contains a comma, a quotation mark or a line break is quoted.
  static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "\"")].contains($0) }) else {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// A text that somebody else chose. Spreadsheets would calculate what looks like a formula, so it gets an apostrophe.
  static func foreign(_ text: String?) -> String {
    guard let text, let first = text.utf8.first else { return "" }
    return "=+-@".utf8.contains(first) ? "'" + text : text
  }
}

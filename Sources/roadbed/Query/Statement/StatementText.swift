import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// A statement for people.
struct StatementText: StatementPrinter {
  /// The movements that are aligned with each other; the header is repeated after them.
  private static let rowsOfTable = 1000

  private let statement: ReconciledStatement
  private var table = Self.emptyTable
  private var rows = 0

  private static var emptyTable: Table {
    Table(
      "TIME", "BLOCK", "MOVEMENT", "ASSET", "AVAILABLE", "HELD", "BALANCE", "STILL HELD", "WITH", "REFERENCE OR MEMO")
  }

  init(_ statement: ReconciledStatement) { self.statement = statement }

  mutating func begin() {
    var sheet = Sheet()
    sheet.add("account", statement.account)
    sheet.add("period", "after block \(statement.opening), through block \(statement.closing)")
    sheet.print()
    print("opening", statement.openingAmounts)
    if statement.count == 0 { Console.print("no movements") }
  }

  mutating func add(_ movement: MovementView, _ after: AccountAmounts) {
    let note = movement.reference.map { "\($0)" } ?? movement.memo ?? movement.memoHex ?? ""
    table.add(
      movement.blockTime.iso8601, "\(movement.height)", movement.kind.rawValue, "\(movement.asset)", movement.available,
      movement.held ?? "-", statement.text(after.available, of: movement.asset),
      statement.text(after.held, of: movement.asset), movement.counterparty.map { "\($0)" } ?? "-", Printable.text(note)
    )
    rows += 1
    if rows == Self.rowsOfTable { flush() }
  }

  private mutating func flush() {
    guard rows > 0 else { return }
    table.print()
    table = Self.emptyTable
    rows = 0
  }

  mutating func end() {
    flush()
    print("closing", statement.closingAmounts)
    Console.print(finding)
  }

  private func print(_ title: String, _ amounts: [Name: AccountAmounts]) {
    guard !statement.assets.isEmpty else { return Console.print("\(title): nothing") }
    Console.print(title)
    var table = Table("ASSET", "AVAILABLE", "HELD")
    for asset in statement.assets {
      let amount = amounts[asset] ?? .none
      table.add("\(asset)", statement.text(amount.available, of: asset), statement.text(amount.held, of: asset))
    }
    table.print(indent: 2)
  }

  /// What was proved and what was not.
  private var finding: String {
    let count = statement.count == 1 ? "1 movement leads" : "\(statement.count) movements lead"
    let opening = statement.assets.filter { statement.openingBasis(of: $0) == .proof }
    let closing = statement.assets.filter { statement.closingBasis(of: $0) == .proof }
    var proved: [String] = []
    if !opening.isEmpty { proved.append("the opening balance of \(list(opening)) after block \(statement.opening)") }
    if !closing.isEmpty { proved.append("the closing balance of \(list(closing)) after block \(statement.closing)") }
    let sums = "reconciled: \(count) from the opening to the closing amounts"
    let start = statement.beginsWithChain ? "; a chain begins without balances" : ""
    guard !proved.isEmpty else { return "\(sums)\(start); nothing is proved: every amount is the node's word" }
    return "\(sums)\(start); proved: \(proved.joined(separator: ", and ")); not proved, but the node's word: "
      + "\(unproved(opening, closing))"
  }

  private func unproved(_ opening: [Name], _ closing: [Name]) -> String {
    var words: [String] = []
    if !statement.beginsWithChain {
      let rest = statement.assets.filter { !opening.contains($0) }
      if !rest.isEmpty { words.append("the opening balance of \(list(rest))") }
    }
    let rest = statement.assets.filter { !closing.contains($0) }
    if !rest.isEmpty { words.append("the closing balance of \(list(rest))") }
    words.append("what is held")
    words.append("each movement, which its transaction's receipt proves")
    return words.joined(separator: ", ")
  }

  private func list(_ assets: [Name]) -> String { assets.map { "\($0)" }.joined(separator: ", ") }
}

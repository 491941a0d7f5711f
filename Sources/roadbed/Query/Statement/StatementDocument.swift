import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// A statement as one JSON value, with each movement on its own line. If the movements do not add up after all, the value is
/// left incomplete, so that nobody reads it.
struct StatementDocument: StatementPrinter {
  private struct End: Encodable {
    var height: Height
    var balances: [StatementBalance]
  }

  private struct Head: Encodable {
    var account: AccountName
    var opening: End
    var closing: End
    var movementCount: Int
  }

  private struct Line: Encodable {
    var movement: MovementView
    var balance: String
    var balanceUnits: Amount
    var heldBalance: String
    var heldBalanceUnits: Amount

    private enum CodingKeys: String, CodingKey { case balance, balanceUnits, heldBalance, heldBalanceUnits }

    func encode(to encoder: any Encoder) throws {
      try movement.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(balance, forKey: .balance)
      try container.encode(balanceUnits, forKey: .balanceUnits)
      try container.encode(heldBalance, forKey: .heldBalance)
      try container.encode(heldBalanceUnits, forKey: .heldBalanceUnits)
    }
  }

  private let statement: ReconciledStatement
  private var isFirst = true
  private var failure: (any Error)?

  init(_ statement: ReconciledStatement) { self.statement = statement }

  mutating func begin() throws {
    let head = Head(
      account: statement.account,
      opening: End(height: statement.opening, balances: statement.openingBalances),
      closing: End(height: statement.closing, balances: statement.closingBalances), movementCount: statement.count)
    let text = String(decoding: try AnswerCoding.encode(head), as: UTF8.self)
    Console.write(text.dropLast() + ",\n\"movements\":[")
  }

  mutating func add(_ movement: MovementView, _ after: AccountAmounts) {
    let line = Line(
      movement: movement, balance: statement.text(after.available, of: movement.asset), balanceUnits: after.available,
      heldBalance: statement.text(after.held, of: movement.asset), heldBalanceUnits: after.held)
    do {
      Console.write((isFirst ? "\n" : ",\n") + String(decoding: try AnswerCoding.encode(line), as: UTF8.self))
    } catch {
      failure = failure ?? error
    }
    isFirst = false
  }

  mutating func end() throws {
    if let failure { throw failure }
    Console.print("\n]}")
  }
}

import Ledger
import Primitives
import Testing

@Testing.Suite("The statement of an account")
struct AccountStatementTests {
  private let account = TestChain.account("bank-a")
  private let eur = TestChain.name("eur")

  private func movement(
    _ height: UInt64, _ available: AmountChange, held: AmountChange = .none, index: Int? = 0, number: Int = 0
  ) -> Movement {
    Movement(
      place: MovementPlace(height: Height(height), index: index, number: number), blockTime: Timestamp(height),
      transaction: nil, kind: .transfer, asset: eur, available: available, held: held)
  }

  private func statement(available: UInt128 = 100, held: UInt128 = 0) -> AccountStatement {
    AccountStatement(
      account: account, after: Height(3),
      amounts: [eur: AccountAmounts(available: Amount(available), held: Amount(held))])
  }

  @Test("A missing movement is an error that names the account, the height, and both amounts")
  func missing() throws {
    var statement = statement()
    try statement.add(movement(4, .rise(Amount(50))))
    try statement.expect(available: Amount(150), of: eur, at: Height(9), by: .proof)
    let error = #expect(throws: StatementError.self) {
      try statement.expect(available: Amount(149), of: eur, at: Height(9), by: .proof)
    }
    #expect(error?.code == "statement.does-not-reconcile")
    let text = try #require(error?.explanation)
    for part in ["bank-a", "block 9", "150 units of eur", "the proof says 149"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test("What is held must agree as well, and so must assets that only one side names")
  func everyAmount() throws {
    var statement = statement()
    try statement.add(movement(4, .fall(Amount(30)), held: .rise(Amount(30))))
    let right = [eur: AccountAmounts(available: Amount(70), held: Amount(30))]
    try statement.expect(right, at: Height(4), by: .node)
    #expect(throws: StatementError.self) {
      try statement.expect([eur: AccountAmounts(available: Amount(70))], at: Height(4), by: .node)
    }
    #expect(throws: StatementError.self) { try statement.expect([:], at: Height(4), by: .node) }
    let more = right.merging([TestChain.name("usd"): AccountAmounts(available: Amount(1))]) { $1 }
    #expect(throws: StatementError.self) { try statement.expect(more, at: Height(4), by: .node) }
  }

  @Test("No movement takes more than there is, or makes an amount of 2^128 or more")
  func impossible() throws {
    var statement = statement(available: .max, held: 5)
    let more = movement(4, .rise(Amount(1)))
    #expect(throws: StatementError.impossible(more, .available, before: Amount(.max))) { try statement.add(more) }
    let less = movement(4, .none, held: .fall(Amount(6)))
    #expect(throws: StatementError.impossible(less, .held, before: Amount(5))) { try statement.add(less) }
    #expect(statement.count == 0 && statement.amounts[eur]?.available == Amount(.max))
    #expect(try statement.add(movement(4, .fall(Amount(.max)))).available == .zero)
  }

  @Test("A movement comes after the one before it and after the opening, and the end of a block after its transactions")
  func order() throws {
    var statement = statement()
    let early = movement(3, .rise(Amount(1)))
    #expect(throws: StatementError.outOfOrder(early.place)) { try statement.add(early) }
    try statement.add(movement(4, .rise(Amount(1)), index: 7, number: 2))
    let again = movement(4, .rise(Amount(1)), index: 7, number: 2)
    #expect(throws: StatementError.outOfOrder(again.place)) { try statement.add(again) }
    try statement.add(movement(4, .rise(Amount(1)), index: nil))
    let late = movement(4, .rise(Amount(1)), index: 8)
    #expect(throws: StatementError.outOfOrder(late.place)) { try statement.add(late) }
    try statement.add(movement(5, .rise(Amount(1))))
    #expect(statement.count == 3)
  }

  @Test("The text of a change is read back, and no other spelling is")
  func changes() {
    for change: AmountChange in [.none, .rise(Amount(12)), .fall(Amount(.max)), .fall(.zero)] {
      #expect(AmountChange(change.text()) == change)
    }
    #expect(AmountChange.fall(Amount(1250)).text(decimals: 2) == "-12.50" && AmountChange.fall(.zero) == .none)
    for text in ["", "-", "-0", "+1", "--1", "01", "1.0", " 1", "-\(UInt128.max)0"] {
      #expect(AmountChange(text) == nil)
    }
  }
}

import Ledger
import Primitives
import Testing

/// Attempts to capture more than a payer has set aside, or without the right to.
@Testing.Suite("Captures of holds")
struct HoldCaptureTests {
  private let till = "shop/till"
  private let shop = TestChain.shop
  private let notary = TestChain.notary

  private func capture(_ amount: UInt128, closes: Bool = false) -> Operation {
    TestChain.capture("bank-a", till, amount, "r", closes: closes)
  }

  /// Expects what payer and payee have, and that nothing else became of the supply.
  private func expect(
    _ chain: TestChain, payer: UInt128, held: UInt128, payee: UInt128, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(chain.amount("eur", "bank-a") == Amount(payer), sourceLocation: location)
    #expect(chain.held("bank-a", "r") == Amount(held), sourceLocation: location)
    #expect(chain.amount("eur", till) == Amount(payee), sourceLocation: location)
    #expect(chain.state.supplyDifference() == nil, sourceLocation: location)
  }

  @Test(
    "M1: a hold that was captured or closed is captured no second time, in the same transaction, block or later",
    arguments: [false, true])
  func twice(closes: Bool) throws {
    let chain = try HoldTests.prepared()
    let amount: UInt128 = closes ? 30 : 100
    let whole = capture(amount, closes: closes)
    let both = try chain.run([whole, capture(1)], by: shop)
    #expect(both == TransactionOutcome(code: .holdUnknown, operation: 1))
    expect(chain, payer: 900, held: 100, payee: 0)
    let outcomes = try chain.execute([
      chain.transaction([whole], by: shop), chain.transaction([whole], by: shop),
      chain.transaction([capture(1)], by: notary),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.applied, .holdUnknown, .holdUnknown])
    expect(chain, payer: 1000 - amount, held: 0, payee: amount)
    for signers in [shop, notary] { #expect(try chain.run([capture(1)], by: signers).code == .holdUnknown) }
    chain.state.settle(upTo: chain.state.tip.height)
    #expect(try chain.run([whole], by: shop).code == .holdUnknown)
    expect(chain, payer: 1000 - amount, held: 0, payee: amount)
  }

  @Test("M1: no more is captured than is still held, however it is divided")
  func amount() throws {
    let chain = try HoldTests.prepared()
    for amount in [101, UInt128.max] {
      #expect(try chain.run([capture(amount)], by: shop).code == .holdAmountExceeded)
    }
    #expect(
      try chain.run([capture(60), capture(41, closes: true)], by: shop)
        == TransactionOutcome(code: .holdAmountExceeded, operation: 1))
    expect(chain, payer: 900, held: 100, payee: 0)
    let outcomes = try chain.execute([
      chain.transaction([capture(60)], by: shop), chain.transaction([capture(60)], by: notary),
      chain.transaction([capture(39), capture(1)], by: shop),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.applied, .holdAmountExceeded, .applied])
    expect(chain, payer: 900, held: 0, payee: 100)
  }

  @Test("M1: only payee and arbiter capture, and only a hold of theirs")
  func parties() throws {
    let chain = try HoldTests.prepared()
    try chain.prepare(
      [chain.place("bank-a", "bank-b", 50, "b"), chain.place("bank-a", "guest", 50, "g", arbiter: "bank-b")],
      by: TestChain.bankA)
    let others: [[TestChain.Signer]] = [
      TestChain.bankA, TestChain.bankB, TestChain.guest, TestChain.admins, [("shop", 11)],
    ]
    for signers in others { #expect(try chain.run([capture(1)], by: signers).code == .authorityMissing) }
    // The payee of another hold, under the name of that one and under its own.
    #expect(try chain.run([TestChain.capture("bank-a", "bank-b", 1, "r")], by: TestChain.bankB).code == .holdOtherTerms)
    #expect(try chain.run([TestChain.capture("bank-a", till, 1, "b")], by: shop).code == .holdOtherTerms)
    #expect(try chain.run([TestChain.capture("bank-a", "guest", 1, "g")], by: notary).code == .authorityMissing)
    expect(chain, payer: 800, held: 100, payee: 0)
    #expect(try chain.run([TestChain.capture("bank-a", "guest", 1, "g")], by: TestChain.bankB) == .applied)
    #expect(chain.amount("eur", "guest") == Amount(1))
  }

  @Test("M1: nobody captures at the expiry or later, also in the block at whose end the hold returns")
  func expired() throws {
    let chain = try OperationOutcomeTests.prepared()
    let place = chain.place("bank-a", till, 100, "r", in: 2000, arbiter: "notary")
    try chain.prepare([place], by: TestChain.bankA)
    // A millisecond before the expiry a capture is in time.
    try chain.execute([chain.transaction([capture(10)], by: shop)], after: 999)
    expect(chain, payer: 900, held: 90, payee: 10)
    let outcomes = try chain.execute(
      [chain.transaction([capture(10)], by: shop), chain.transaction([capture(10)], by: notary)], after: 1
    ).outcomes
    #expect(outcomes.map(\.code) == [.holdExpired, .holdExpired])
    expect(chain, payer: 990, held: 0, payee: 10)
    #expect(try chain.run([capture(10)], by: shop).code == .holdUnknown)
  }

  @Test("M1: of a frozen or suspended payer, only the arbiter captures", arguments: [false, true])
  func frozen(isSuspended: Bool) throws {
    let chain = try HoldTests.prepared()
    let stop: Operation =
      isSuspended
      ? .memberSuspend(name: TestChain.name("bank-a"), reason: "")
      : .accountFreeze(account: TestChain.account("bank-a"))
    let code = isSuspended ? OutcomeCode.memberSuspended : .accountFrozen
    // It takes effect within the block.
    let outcomes = try chain.execute([
      chain.transaction([stop], by: TestChain.admins), chain.transaction([capture(10)], by: shop),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.applied, code])
    #expect(try chain.run([capture(10)], by: shop).code == code)
    expect(chain, payer: 900, held: 100, payee: 0)
    #expect(try chain.run([capture(10)], by: notary) == .applied)
    #expect(try chain.run([capture(20, closes: true)], by: notary + shop) == .applied)
    expect(chain, payer: 970, held: 0, payee: 30)
    // A hold without an arbiter waits, or is released.
    chain.revert()
    try chain.prepare([TestChain.release("bank-a", till, "r")], by: shop)
    expect(chain, payer: 990, held: 0, payee: 10)
  }
}

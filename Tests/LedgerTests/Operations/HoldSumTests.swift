import Ledger
import Primitives
import Testing

@Testing.Suite("Sums of what is available and held")
struct HoldSumTests {
  @Test("M3: what is available and held add up to the supply, to the last of 2^128 - 1 units")
  func edge() throws {
    let chain = TestChain()
    let (bankA, shop) = (TestChain.bankA, TestChain.shop)
    let most = UInt128.max
    func expect(
      _ payer: UInt128, held: UInt128, _ payee: UInt128, _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(chain.amount("eur", "bank-a") == Amount(payer), sourceLocation: location)
      #expect(chain.held("bank-a", "r") == Amount(held), sourceLocation: location)
      #expect(chain.amount("eur", "shop") == Amount(payee), sourceLocation: location)
      #expect(chain.supply("eur") == Amount(.max), sourceLocation: location)
      #expect(chain.state.supplyDifference() == nil, sourceLocation: location)
    }
    try chain.prepare([TestChain.define("eur", by: "bank-a"), TestChain.issue("eur", "bank-a", most)], by: bankA)
    try chain.prepare([chain.place("bank-a", "shop", most, "r")], by: bankA)
    expect(0, held: most, 0)
    // No unit can be issued beside what is held, and none that is held can be retired.
    #expect(try chain.run([TestChain.issue("eur", "shop", 1)], by: bankA).code == .assetSupplyOverflow)
    #expect(try chain.run([TestChain.retire("eur", "bank-a", 1)], by: bankA).code == .assetInsufficientFunds)
    #expect(try chain.run([chain.place("bank-a", "shop", 1, "s")], by: bankA).code == .assetInsufficientFunds)
    try chain.prepare([TestChain.capture("bank-a", "shop", most - 1, "r")], by: shop)
    expect(0, held: 1, most - 1)
    #expect(try chain.run([TestChain.capture("bank-a", "shop", most, "r")], by: shop).code == .holdAmountExceeded)
    #expect(try chain.run([TestChain.capture("bank-a", "shop", 2, "r")], by: shop).code == .holdAmountExceeded)
    try chain.prepare([TestChain.capture("bank-a", "shop", 1, "r")], by: shop)
    expect(0, held: 0, most)
    // The payee, which has all, is the next payer: everything at once, back by release and by expiry.
    try chain.prepare([TestChain.transfer("eur", "shop", "bank-a", most)], by: shop)
    try chain.prepare(
      [
        chain.place("bank-a", "shop", most, "r"), TestChain.capture("bank-a", "shop", 1, "r", closes: true),
        TestChain.transfer("eur", "shop", "bank-a", 1), chain.place("bank-a", "shop", most, "r"),
        TestChain.release("bank-a", "shop", "r"), chain.place("bank-a", "shop", most, "r", in: 2000),
      ], by: bankA + shop)
    expect(0, held: most, 0)
    try chain.execute([])
    expect(most, held: 0, 0)
    chain.revert()
    expect(0, held: most, 0)
  }

  @Test("M3: two holds that pay for each other are captured together or not at all, also when each side holds half")
  func exchange() throws {
    let chain = TestChain()
    let half = UInt128.max / 2
    let both = TestChain.bankA + TestChain.shop
    try chain.prepare(
      [
        TestChain.define("eur", by: "bank-a"), TestChain.issue("eur", "bank-a", half),
        TestChain.issue("eur", "shop", half + 1),
      ], by: TestChain.bankA)
    try chain.prepare(
      [chain.place("bank-a", "shop", half, "x"), chain.place("shop", "bank-a", half + 1, "x")], by: both)
    let captures = [
      TestChain.capture("bank-a", "shop", half, "x"), TestChain.capture("shop", "bank-a", half + 1, "x"),
    ]
    #expect(
      try chain.run(captures, by: TestChain.shop) == TransactionOutcome(code: .authorityMissing, operation: 1))
    #expect(chain.held("bank-a", "x") == Amount(half) && chain.held("shop", "x") == Amount(half + 1))
    #expect(try chain.run(captures, by: both) == .applied)
    #expect(chain.amount("eur", "bank-a") == Amount(half + 1) && chain.amount("eur", "shop") == Amount(half))
    #expect(chain.state.supplyDifference() == nil)
  }
}

import Ledger
import Primitives
import Testing

/// A reference names at most one open hold of a payer, and is free again when the hold has ended.
@Testing.Suite("References in use")
struct HoldReferenceUseTests {
  private let bankA = TestChain.bankA
  private let shop = TestChain.shop
  private let till = "shop/till"

  @Test("M4: the reference of an open hold is refused to its payer, whatever the terms, and free to others")
  func open() throws {
    let chain = try HoldTests.prepared()
    let found = chain.hold("bank-a", "r")
    let places = [
      chain.place("bank-a", till, 100, "r", arbiter: "notary"), chain.place("bank-a", till, 1, "r"),
      chain.place("bank-a", "bank-b", 1, "r"),
    ]
    for place in places { #expect(try chain.run([place], by: bankA).code == .holdExists) }
    #expect(
      try chain.run([chain.place("bank-a", till, 1, "s"), chain.place("bank-a", till, 2, "s")], by: bankA)
        == TransactionOutcome(code: .holdExists, operation: 1))
    #expect(chain.hold("bank-a", "s") == nil)
    // A part of it is still held.
    try chain.prepare([TestChain.capture("bank-a", till, 99, "r")], by: shop)
    #expect(try chain.run([places[1]], by: bankA).code == .holdExists)
    #expect(chain.hold("bank-a", "r")?.placed == found?.placed)
    // Another account of another member.
    try chain.prepare([chain.place("shop/till", "bank-a", 7, "r")], by: shop)
    #expect(chain.held("bank-a", "r") == Amount(1) && chain.held("shop/till", "r") == Amount(7))
  }

  @Test("M4: a transaction that ends a hold and captures another of the same reference is admitted")
  func another() throws {
    let chain = try HoldTests.prepared()
    try chain.prepare([chain.place("bank-a", "bank-b", 5, "again", in: 1500)], by: bankA)
    let operations = [
      TestChain.release("bank-a", "bank-b", "again"), chain.place("bank-a", till, 5, "again"),
      TestChain.capture("bank-a", till, 5, "again"),
    ]
    let transaction = try chain.transaction(operations, by: bankA + TestChain.bankB + shop)
    #expect(chain.state.admissionFault(transaction, now: chain.state.tip.timestamp) == nil)
    #expect(try chain.execute([transaction]).outcomes == [.applied])
  }

  @Test("M4: the reference of a hold that ended is free: in the next block, the same block and the same transaction")
  func ended() throws {
    let ends = [
      TestChain.release("bank-a", till, "r"), TestChain.capture("bank-a", till, 100, "r"),
      TestChain.capture("bank-a", till, 10, "r", closes: true),
    ]
    for end in ends {
      for way in 0..<3 {
        let chain = try HoldTests.prepared()
        let place = chain.place("bank-a", till, 3, "r", in: 50_000)
        switch way {
        case 0: #expect(try chain.run([end, place], by: bankA + shop) == .applied)
        case 1:
          let outcomes = try chain.execute([
            chain.transaction([end], by: shop), chain.transaction([place], by: bankA),
          ]).outcomes
          #expect(outcomes == [.applied, .applied])
        default:
          try chain.prepare([end], by: shop)
          try chain.prepare([place], by: bankA)
        }
        let hold = chain.hold("bank-a", "r")
        #expect(hold?.amount == Amount(3) && hold?.arbiter == nil)
        #expect(
          hold?.placed == HoldNumber(height: chain.state.tip.height, operation: way < 2 ? 1 : 0), "way \(way)")
        #expect(chain.state.supplyDifference() == nil)
        // It can end and be placed again within one transaction, too.
        let again = [TestChain.release("bank-a", till, "r"), place, TestChain.release("bank-a", till, "r"), place]
        #expect(try chain.run(again, by: bankA + shop) == .applied)
        #expect(chain.hold("bank-a", "r")?.placed.operation == 3)
        #expect(chain.held("bank-a", "r") == Amount(3))
      }
    }
  }

  @Test("M4: the reference of an expired hold is free after the block at whose end it returns")
  func expired() throws {
    let chain = try OperationOutcomeTests.prepared()
    let place = chain.place("bank-a", till, 100, "r", in: 2000)
    try chain.prepare([place], by: bankA)
    let next = chain.place("bank-a", till, 5, "r")
    // Here it is still open. Its payer may end it before that.
    let outcomes = try chain.execute([
      chain.transaction([next], by: bankA),
      chain.transaction(
        [TestChain.release("bank-a", till, "r"), next, TestChain.release("bank-a", till, "x")], by: bankA),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.holdExists, .holdUnknown])
    #expect(chain.hold("bank-a", "r") == nil)
    try chain.prepare([next], by: bankA)
    #expect(chain.held("bank-a", "r") == Amount(5))
    // What is known of the expiry of the first hold does not concern the second.
    try chain.execute([], after: 60_000)
    #expect(chain.held("bank-a", "r") == Amount(5))
  }

  @Test("M4: a failed transaction frees no reference, and leaves the hold as it was")
  func failed() throws {
    let chain = try HoldTests.prepared()
    let before = chain.hold("bank-a", "r")
    let cannot = TestChain.transfer("eur", "bank-a", "shop", 9999)
    let place = chain.place("bank-a", till, 3, "r", in: 5000)
    for signers in [bankA + shop, bankA + shop + TestChain.notary] {
      let outcome = try chain.run([TestChain.release("bank-a", till, "r"), place, cannot], by: signers)
      #expect(outcome == TransactionOutcome(code: .assetInsufficientFunds, operation: 2))
      #expect(chain.hold("bank-a", "r") == before)
      // The block had touched the hold before.
      let outcomes = try chain.execute([
        chain.transaction([TestChain.capture("bank-a", till, 1, "r")], by: shop),
        chain.transaction([TestChain.release("bank-a", till, "r"), place, cannot], by: signers),
        chain.transaction([place], by: bankA),
      ]).outcomes
      #expect(outcomes.map(\.code) == [.applied, .assetInsufficientFunds, .holdExists])
      #expect(chain.held("bank-a", "r") == Amount(99))
      chain.revert()
    }
    // The expiry of what was never placed returns nothing.
    try chain.execute([], after: 10_000)
    #expect(chain.hold("bank-a", "r") == before)
    #expect(chain.state.supplyDifference() == nil)
  }

  @Test(
    "M4: a revert takes the reference back with its hold, and gives the earlier hold back", arguments: [false, true])
  func reverted(isSettled: Bool) throws {
    let chain = try OperationOutcomeTests.prepared()
    func settle() { if isSettled { chain.state.settle(upTo: chain.state.tip.height) } }
    settle()
    // Placed by a block that is given up, then by another one, as the operation of the same number, to last longer.
    for expiry in [3000, 5000, 4000] as [UInt64] {
      try chain.prepare([chain.place("bank-a", till, 10, "r", in: expiry)], by: bankA)
      chain.revert()
      #expect(chain.hold("bank-a", "r") == nil)
    }
    try chain.prepare([chain.place("bank-a", till, 20, "r", in: 60_000)], by: bankA)
    settle()
    let hold = chain.hold("bank-a", "r")
    try chain.execute([], after: 10_000)
    #expect(chain.hold("bank-a", "r") == hold)
    chain.revert()
    // Ended and placed again by blocks that are given up.
    try chain.prepare([TestChain.capture("bank-a", till, 5, "r", closes: true)], by: shop)
    try chain.prepare([chain.place("bank-a", till, 30, "r", in: 2000)], by: bankA)
    try chain.execute([])
    #expect(chain.hold("bank-a", "r") == nil)
    for _ in 0..<3 { chain.revert() }
    #expect(chain.hold("bank-a", "r") == hold)
    #expect(try chain.run([chain.place("bank-a", till, 1, "r")], by: bankA).code == .holdExists)
    try chain.execute([], after: 10_000)
    #expect(chain.hold("bank-a", "r") == hold)
    try chain.prepare([TestChain.capture("bank-a", till, 20, "r")], by: shop)
    #expect(chain.amount("eur", till) == Amount(20) && chain.amount("eur", "bank-a") == Amount(980))
    settle()
    try chain.prepare([chain.place("bank-a", till, 1, "r", in: 2000)], by: bankA)
    try chain.execute([])
    #expect(chain.hold("bank-a", "r") == nil && chain.amount("eur", "bank-a") == Amount(980))
    #expect(chain.state.supplyDifference() == nil)
  }
}

import Primitives
import Testing

@testable import Ledger

/// The order in which holds expire, while blocks come and go.
@Testing.Suite("Expiries of holds")
struct HoldExpiriesTests {
  /// The entries that are kept, of open holds and others.
  private func count(_ chain: TestChain) throws -> Int {
    let heap = Mirror(reflecting: chain.state.derived.expiries).descendant("heap")
    return try #require(heap as? FlatHeap<HoldExpiries.Expiry>).count
  }

  /// Expects the next expiry, so many milliseconds after `start`.
  private func expectNext(
    _ chain: TestChain, _ start: Timestamp, _ milliseconds: UInt64?, _ location: SourceLocation = #_sourceLocation
  ) {
    let next = chain.state.nextExpiry
    #expect(next == milliseconds.map { start.advanced(byMilliseconds: $0) }, sourceLocation: location)
  }

  @Test("The next expiry is that of an open hold, also after blocks and transactions that were taken back")
  func next() throws {
    let chain = try OperationOutcomeTests.prepared()
    let start = chain.state.tip.timestamp
    let (bankA, shop) = (TestChain.bankA, TestChain.shop)
    expectNext(chain, start, nil)
    try chain.prepare(
      [
        chain.place("bank-a", "shop", 1, "b", in: 50_000), chain.place("bank-a", "shop", 1, "a", in: 40_000),
        chain.place("bank-a", "shop", 1, "c", in: 60_000),
      ], by: bankA)
    expectNext(chain, start, 40_000)
    try chain.prepare([TestChain.release("bank-a", "shop", "a")], by: shop)
    expectNext(chain, start, 50_000)
    try chain.prepare([TestChain.capture("bank-a", "shop", 1, "b")], by: shop)
    expectNext(chain, start, 60_000)
    chain.revert()
    expectNext(chain, start, 50_000)
    chain.revert()
    expectNext(chain, start, 40_000)
    let cannot = TestChain.transfer("eur", "bank-a", "shop", 9999)
    let early = Operation.holdPlace(
      asset: TestChain.name("eur"), from: TestChain.account("bank-a"), to: TestChain.account("shop"),
      amount: Amount(1), reference: TestChain.reference("d"), expires: start.advanced(byMilliseconds: 30_000))
    #expect(try chain.run([early, cannot], by: bankA).code == .assetInsufficientFunds)
    expectNext(chain, start, 40_000)
    try chain.prepare([early], by: bankA)
    expectNext(chain, start, 30_000)
    chain.revert()
    expectNext(chain, start, 40_000)
    while chain.state.tip.height > .genesis { chain.revert() }
    expectNext(chain, start, nil)
  }

  @Test("M4: what was placed by a block that was given up does not return what the block in its place set aside")
  func otherBranch() throws {
    let chain = try OperationOutcomeTests.prepared()
    let start = chain.state.tip.timestamp
    // The same height, number and slot, but other expiries, payees and references.
    for (payee, reference, expiry) in [("shop", "a", 2000), ("bank-b", "a", 90_000), ("shop", "b", 1500)] {
      try chain.prepare([chain.place("bank-a", payee, 7, reference, in: UInt64(expiry))], by: TestChain.bankA)
      expectNext(chain, start, UInt64(expiry))
      chain.revert()
    }
    try chain.prepare([chain.place("bank-a", "shop", 7, "a", in: 60_000)], by: TestChain.bankA)
    expectNext(chain, start, 60_000)
    try chain.execute([], after: 58_999)
    #expect(chain.held("bank-a", "a") == Amount(7))
    try chain.execute([], after: 1)
    #expect(chain.hold("bank-a", "a") == nil)
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
    expectNext(chain, start, nil)
    // Back, and on to a time at which a hold that was never placed would have expired, too.
    chain.revert()
    expectNext(chain, start, 60_000)
    try chain.execute([], after: 40_000)
    #expect(chain.hold("bank-a", "a") == nil && chain.amount("eur", "bank-a") == Amount(1000))
    #expect(chain.state.supplyDifference() == nil)
  }

  @Test("M2: executing and reverting blocks over and over keeps no more than twice the open holds and a few thousand")
  func bounded() throws {
    let chain = try OperationOutcomeTests.prepared()
    // Expires first, so that what is behind it does not come up.
    try chain.prepare([chain.place("bank-a", "shop", 1, "first", in: 3_000_000)], by: TestChain.bankA)
    let places = (0..<500).map { chain.place("bank-a", "shop", 1, "\($0)") }
    let block = chain.block([try chain.transaction(places, by: TestChain.bankA)])
    var most = 0
    for _ in 0..<30 {
      _ = try chain.state.execute(block)
      most = max(most, try count(chain))
      chain.state.revert()
    }
    let limit = 2 * 501 + 4096
    #expect(most <= limit && most > 4096, "\(most)")
    most = 0
    // The same if they are placed and end in the same block, on top of holds that stay open.
    _ = try chain.state.execute(block)
    let again = try (0..<30).map { _ in
      try chain.transaction(
        (0..<300).flatMap { index in
          [TestChain.release("bank-a", "shop", "\(index)"), places[index]]
        }, by: TestChain.bankA + TestChain.shop)
    }
    for transaction in again {
      #expect(try chain.execute([transaction]).outcomes == [.applied])
      most = max(most, try count(chain))
    }
    #expect(most <= limit && most > 4096, "\(most)")
    #expect(chain.state.derived.expiries.openCount == 501)
    // And if they are only tried.
    most = 0
    for transaction in again {
      let draft = TransactionDraft(transaction, chain: chain.state.chain)
      _ = chain.state.preview(draft, now: chain.state.tip.timestamp)
      most = max(most, try count(chain))
    }
    #expect(most <= limit && most > 4096, "\(most)")
    #expect(chain.state.derived.expiries.openCount == 501)
    // Nothing that counts was dropped.
    try chain.execute([], after: 3_600_000)
    #expect(chain.state.derived.expiries.openCount == 0)
    #expect(chain.amount("eur", "bank-a") == Amount(1000) && chain.state.supplyDifference() == nil)
  }
}

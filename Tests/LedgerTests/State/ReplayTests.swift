import Ledger
import Primitives
import Testing

/// A transaction happens once, however often and wherever it comes again.
@Testing.Suite("Replay")
struct ReplayTests {
  @Test("E8: a transaction twice in one block, or again in a later one, is a fault")
  func twice() throws {
    let chain = try OperationOutcomeTests.prepared()
    let transaction = try chain.transaction([TestChain.transfer("eur", "bank-a", "shop", 1)], by: TestChain.bankA)
    let twice = chain.block([transaction, transaction])
    #expect(chain.state.fault(in: twice) == .repeatedTransaction(index: 1, transaction.id))
    #expect(throws: BlockFault.self) { try chain.state.execute(twice) }
    try chain.execute([transaction])
    #expect(chain.contains(transaction.id))
    let again = chain.block([transaction])
    #expect(chain.state.fault(in: again) == .transaction(index: 0, .alreadyApplied(transaction.id)))
    #expect(
      chain.state.admissionFault(transaction, now: chain.state.tip.timestamp) == .alreadyApplied(transaction.id))
    #expect(chain.amount("eur", "shop") == Amount(1))
  }

  @Test("E8: other signatures do not make another transaction")
  func otherSignatures() throws {
    let chain = try OperationOutcomeTests.prepared()
    let transaction = try chain.transaction([TestChain.open("shop/a")], by: [("shop", 11), ("shop", 12)])
    var draft = TransactionDraft(transaction, chain: chain.state.chain)
    draft.add(Samples.signature("shop", 13))
    let other = try draft.assemble(hash: &chain.hash)
    #expect(other.bytes != transaction.bytes)
    #expect(chain.state.fault(in: chain.block([transaction, other])) == .repeatedTransaction(index: 1, other.id))
    try chain.execute([transaction])
    #expect(chain.state.fault(in: chain.block([other])) == .transaction(index: 0, .alreadyApplied(other.id)))
  }

  @Test("E8: a failed transaction is remembered, too")
  func failed() throws {
    let chain = try OperationOutcomeTests.prepared()
    let transaction = try chain.transaction([TestChain.transfer("eur", "bank-a", "shop", 9999)], by: TestChain.bankA)
    #expect(try chain.execute([transaction]).outcomes.map(\.code) == [.assetInsufficientFunds])
    #expect(
      chain.state.fault(in: chain.block([transaction])) == .transaction(index: 0, .alreadyApplied(transaction.id)))
  }

  @Test("A reverted block's transactions can be applied again")
  func reverted() throws {
    let chain = try OperationOutcomeTests.prepared()
    let transaction = try chain.transaction([TestChain.transfer("eur", "bank-a", "shop", 1)], by: TestChain.bankA)
    let first = try chain.execute([transaction])
    chain.revert()
    #expect(!chain.contains(transaction.id))
    let second = try chain.execute([transaction])
    #expect(first == second)
  }

  @Test("C14: a block judges validUntil by its own time, and its time follows its parent's")
  func time() throws {
    let chain = try OperationOutcomeTests.prepared()
    let tip = chain.state.tip.timestamp
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    let last = tip.advanced(byMilliseconds: 1000)
    let exact = try chain.transaction([transfer], by: TestChain.bankA, validUntil: last)
    #expect(chain.state.fault(in: chain.block([exact])) == nil)
    let late = chain.block([exact], after: 1001)
    #expect(
      chain.state.fault(in: late)
        == .transaction(
          index: 0, .expired(validUntil: last, time: late.header.timestamp)))
    let latest = last.advanced(byMilliseconds: Limits.validityMilliseconds)
    let far = try chain.transaction([transfer], by: TestChain.bankA, validUntil: latest)
    #expect(chain.state.fault(in: chain.block([far])) == nil)
    let tooFar = try chain.transaction(
      [transfer], by: TestChain.bankA, validUntil: latest.advanced(byMilliseconds: 1))
    #expect(
      chain.state.fault(in: chain.block([tooFar]))
        == .transaction(index: 0, .tooFarAhead(validUntil: tooFar.validUntil, latest: latest)))
    for milliseconds in [0, 1] as [UInt64] {
      let block = chain.block([exact], after: milliseconds)
      #expect((chain.state.fault(in: block) == nil) == (milliseconds == 1))
    }
    let old = try chain.transaction([transfer], by: TestChain.bankA, validUntil: tip)
    #expect(
      chain.state.admissionFault(old, now: Timestamp(0))
        == .expired(validUntil: tip, time: tip.advanced(byMilliseconds: 1)))
    let endless = try chain.transaction([transfer], by: TestChain.bankA, validUntil: Timestamp(.max))
    #expect(
      chain.state.admissionFault(endless, now: tip)
        == .tooFarAhead(
          validUntil: endless.validUntil,
          latest: tip.advanced(byMilliseconds: Limits.validityMilliseconds + 1)))
  }

  @Test("E8: an id is forgotten after its time, never before, and then refused as expired")
  func forgetting() throws {
    let chain = try OperationOutcomeTests.prepared()
    let before = chain.state.rememberedCount
    let until = chain.state.tip.timestamp.advanced(byMilliseconds: 5000)
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    let transaction = try chain.transaction([transfer], by: TestChain.bankA, validUntil: until)
    try chain.execute([transaction])
    try chain.execute([], after: 4000)
    #expect(chain.state.tip.timestamp == until)
    #expect(chain.contains(transaction.id))
    let root = chain.state.tip.stateRoot
    try chain.execute([], after: 1)
    #expect(!chain.contains(transaction.id))
    #expect(chain.state.rememberedCount == before)
    #expect(chain.state.tip.stateRoot != root)
    #expect(
      chain.state.fault(in: chain.block([transaction]))
        == .transaction(
          index: 0, .expired(validUntil: until, time: chain.state.tip.timestamp.advanced(byMilliseconds: 1000))))
    chain.revert()
    #expect(chain.contains(transaction.id))
    #expect(chain.state.tip.stateRoot == root)
    try chain.execute([], after: 1)
    #expect(!chain.contains(transaction.id))
  }

  @Test("A block forgets no more than its share, oldest first, and the rest later")
  func share() throws {
    let chain = try OperationOutcomeTests.prepared()
    let share = Limits.forgottenIdentitiesPerBlock
    let start = chain.state.tip.timestamp
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    let transactions = try (0..<share + 10).map { index in
      try chain.transaction(
        [transfer], by: TestChain.bankA, validUntil: start.advanced(byMilliseconds: 60_000 - UInt64(index)))
    }
    try chain.execute(transactions)
    let before = chain.state.rememberedCount
    try chain.execute([], after: 120_000)
    #expect(chain.state.rememberedCount == before - share)
    try chain.execute([], after: 1)
    // Those of the preparation are older than nothing here: all are gone now.
    #expect(chain.state.rememberedCount == 0)
    let known = transactions.filter { chain.contains($0.id) }
    #expect(known.isEmpty)
    chain.revert()
    // The latest times go last; equal times go by id.
    let left = transactions.filter { chain.contains($0.id) }
    #expect(left.count == before - share)
    #expect(left.map(\.id) == transactions.prefix(left.count).map(\.id))
  }
}

import Ledger
import Primitives
import TestHarness
import Testing

/// A transaction is applied once, no matter how often and where it appears again.
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

  @Test("E8: a transaction with different signatures is the same transaction")
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

  @Test("E8: failed transactions are remembered too")
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

  @Test("C14: a block compares validUntil with its own time, which is after its parent's")
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

  @Test("E8: an id is forgotten after its time, never before, and its transaction is then refused as expired")
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

  @Test("A block forgets its share, plus at most one group, oldest first, and later blocks forget the rest")
  func share() throws {
    let chain = try OperationOutcomeTests.prepared()
    let share = Limits.forgottenIdentitiesPerBlock
    let start = chain.state.tip.timestamp
    let transactions = try (0..<share + 90).map { index in
      try chain.transaction(
        [Self.transfer], by: TestChain.bankA, validUntil: start.advanced(byMilliseconds: 60_000 - UInt64(index)))
    }
    try chain.execute(transactions)
    let before = chain.state.rememberedCount
    try chain.execute([], after: 120_000)
    let forgotten = before - chain.state.rememberedCount
    #expect((share..<share + Limits.rememberedGroup).contains(forgotten))
    try chain.execute([], after: 1)
    #expect(chain.state.rememberedCount == 0)
    let known = transactions.filter { chain.contains($0.id) }
    #expect(known.isEmpty)
    chain.revert()
    // Those with the latest times are forgotten last.
    let left = transactions.filter { chain.contains($0.id) }
    #expect(left.count == before - forgotten)
    #expect(left.map(\.id) == transactions.prefix(left.count).map(\.id))
  }

  @Test("A block's transactions are remembered in groups of 32, by the end of their time")
  func groups() throws {
    let chain = try OperationOutcomeTests.prepared()
    let start = chain.state.tip.timestamp
    // Each time occurs three times, in no particular order.
    let transactions = try (0..<75).map { index in
      try chain.transaction(
        [Self.transfer], by: TestChain.bankA, validUntil: start.advanced(byMilliseconds: 5000 + UInt64(index * 7 % 25)))
    }
    try chain.execute(transactions)
    let height = chain.state.tip.height
    let expected = (0..<25).flatMap { time in
      transactions.filter { $0.validUntil == start.advanced(byMilliseconds: 5000 + UInt64(time)) }
        .sorted { $0.id < $1.id }
    }.map { RememberedIdentity(id: $0.id, validUntil: $0.validUntil) }
    var found: [[RememberedIdentity]] = []
    for number in 0..<4 as Range<UInt16> {
      guard case .remembered(let group) = chain.state.entry(.remembered(height, group: number)) else { continue }
      #expect(group.height == height)
      #expect(group.number == number)
      found.append(group.identities)
    }
    #expect(found.map(\.count) == [32, 32, 11])
    #expect(found.flatMap(\.self) == expected)
    // A group is removed once its last transaction has expired.
    try chain.execute([], after: 5000 - 1000 + 10)
    #expect(transactions.filter { !chain.contains($0.id) }.isEmpty)
    try chain.execute([], after: 1)
    let gone = Set(expected.prefix(32).map(\.id))
    #expect(transactions.allSatisfy { chain.contains($0.id) != gone.contains($0.id) })
  }

  @Test("E8: a transaction that is valid for a day prevents only its own group from being forgotten")
  func longLived() throws {
    let chain = try OperationOutcomeTests.prepared()
    let start = chain.state.tip.timestamp
    let transactions = try (0..<100).map { index in
      try chain.transaction(
        [Self.transfer], by: TestChain.bankA,
        validUntil: start.advanced(byMilliseconds: index == 50 ? Limits.validityMilliseconds : 5000))
    }
    try chain.execute(transactions)
    try chain.execute([], after: 120_000)
    let left = transactions.filter { chain.contains($0.id) }
    #expect(left.count == 100 % Limits.rememberedGroup)
    #expect(left.contains { $0.id == transactions[50].id })
  }

  @Test("Different blocks at one height, reverted and executed again, forget their own ids and give the same roots")
  func otherBranch() throws {
    let chain = try OperationOutcomeTests.prepared()
    let start = chain.state.tip.timestamp
    func batch(_ count: Int, _ life: UInt64) throws -> [SignedTransaction] {
      try (0..<count).map { _ in
        try chain.transaction([Self.transfer], by: TestChain.bankA, validUntil: start.advanced(byMilliseconds: life))
      }
    }
    let branches = [try batch(40, 5000), try batch(33, 5000), try batch(70, 9000)]
    let before = chain.state.tip.stateRoot
    var roots: [[Digest]] = [[], [], []]
    for round in 0..<9 {
      let branch = round % 3
      try chain.execute(branches[branch])
      var seen = [chain.state.tip.stateRoot]
      for _ in 0..<3 {
        try chain.execute([], after: 3000)
        seen.append(chain.state.tip.stateRoot)
      }
      #expect(branches[branch].allSatisfy { !chain.contains($0.id) })
      if round < 3 { roots[branch] = seen }
      #expect(roots[branch] == seen)
      for _ in 0..<4 { chain.revert() }
      #expect(chain.state.tip.stateRoot == before)
    }
  }

  private static let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
}

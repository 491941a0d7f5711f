import Ledger
import Primitives
import TestHarness
import Testing

@Testing.Suite("Who may act")
struct AuthorityTests {
  @Test("A member acts if at least its threshold of its keys signed")
  func threshold() throws {
    let chain = try OperationOutcomeTests.prepared()
    #expect(try chain.run([TestChain.open("shop/a")], by: [("shop", 11)]).code == .authorityMissing)
    #expect(try chain.run([TestChain.open("shop/a")], by: [("shop", 13), ("shop", 11)]) == .applied)
    #expect(try chain.run([TestChain.open("shop/b")], by: [("shop", 11), ("shop", 12), ("shop", 13)]) == .applied)
  }

  @Test("Administration counts administrators that act, not their keys and not other members")
  func administrators() throws {
    let chain = TestChain()
    let freeze = Operation.accountFreeze(account: TestChain.account("shop"))
    #expect(try chain.run([freeze], by: [("admin-3", 103), ("admin-3", 104)]).code == .administratorsMissing)
    #expect(try chain.run([freeze], by: [("admin-1", 101), ("admin-3", 104)]).code == .administratorsMissing)
    #expect(
      try chain.run([freeze], by: [("admin-1", 101), ("bank-a", 1), ("shop", 11), ("shop", 12)]).code
        == .administratorsMissing)
    #expect(try chain.run([freeze], by: [("admin-1", 101), ("admin-3", 103), ("admin-3", 104)]) == .applied)
  }

  @Test("Several members sign one transaction: an exchange in which each pays the other, or nobody does")
  func exchange() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare(
      [TestChain.define("gold", by: "bank-b"), TestChain.issue("gold", "bank-b", 5)], by: TestChain.bankB)
    let swap = [
      TestChain.transfer("eur", "bank-a", "bank-b", 300), TestChain.transfer("gold", "bank-b", "bank-a", 5),
    ]
    let oneSided = try chain.run(swap, by: TestChain.bankA)
    #expect(oneSided == TransactionOutcome(code: .authorityMissing, operation: 1))
    #expect(chain.amount("eur", "bank-b") == .zero)
    #expect(try chain.run(swap, by: TestChain.bankA + TestChain.bankB) == .applied)
    #expect(chain.amount("eur", "bank-b") == Amount(300))
    #expect(chain.amount("gold", "bank-a") == Amount(5))
  }

  @Test("A key rotated earlier in the block is no longer valid, the new one is")
  func rotation() throws {
    let chain = try OperationOutcomeTests.prepared()
    let key = try TestChain.realKeys(1)[0]
    let update = TestChain.update("bank-a", [.issuer, .participant], [key])
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    let outcomes = try chain.execute([
      chain.transaction([transfer], by: TestChain.bankA), chain.transaction([update], by: TestChain.admins),
      chain.transaction([transfer], by: TestChain.bankA),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.applied, .applied, .authorityMissing])
    // From the next block on, a transaction with the old key is refused and cannot get into a block.
    let old = try chain.transaction([transfer], by: TestChain.bankA)
    let block = chain.block([old])
    let fault = BlockFault.transaction(
      index: 0, .foreignKey(TestChain.name("bank-a"), Samples.key(1)))
    #expect(chain.state.fault(in: block) == fault)
    #expect(throws: fault) { try chain.state.execute(block) }
    #expect(try chain.run([transfer], by: [], keys: [("bank-a", key)]) == .applied)
  }

  @Test("Within a transaction each operation applies to the state that the previous ones left")
  func withinTransaction() throws {
    let chain = try OperationOutcomeTests.prepared()
    let key = try TestChain.realKeys(1)[0]
    let update = TestChain.update("bank-a", [.issuer, .participant], [key])
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    let outcome = try chain.run([update, transfer], by: TestChain.admins + TestChain.bankA)
    #expect(outcome == TransactionOutcome(code: .authorityMissing, operation: 1))
    #expect(chain.state.memberKeys("bank-a") == [Samples.key(1)])
    let suspend = Operation.memberSuspend(name: TestChain.name("bank-a"), reason: "x")
    let suspended = try chain.run([suspend, transfer], by: TestChain.admins + TestChain.bankA)
    #expect(suspended == TransactionOutcome(code: .memberSuspended, operation: 1))
    #expect(try chain.run([transfer], by: TestChain.bankA) == .applied)
  }

  @Test("A suspended member does not act, not even as one of several signers")
  func suspended() throws {
    let chain = try OperationOutcomeTests.prepared()
    let suspend = Operation.memberSuspend(name: TestChain.name("admin-1"), reason: "x")
    try chain.prepare([suspend], by: [("admin-2", 102), ("admin-3", 103), ("admin-3", 104)])
    let freeze = Operation.accountFreeze(account: TestChain.account("shop"))
    let transaction = try chain.transaction([freeze], by: TestChain.admins)
    let fault = AdmissionFault.suspendedMember(TestChain.name("admin-1"))
    #expect(chain.state.fault(in: chain.block([transaction])) == .transaction(index: 0, fault))
    #expect(chain.state.admissionFault(transaction, now: chain.state.tip.timestamp) == fault)
    // Nothing can be done in the name of a suspended member.
    try chain.prepare(
      [.memberSuspend(name: TestChain.name("bank-a"), reason: "x")],
      by: [("admin-2", 102), ("admin-3", 103), ("admin-3", 104)])
    #expect(try chain.run([TestChain.issue("eur", "shop", 1)], by: TestChain.bankB).code == .memberSuspended)
    #expect(try chain.run([TestChain.define("x", by: "bank-a")], by: TestChain.bankB).code == .memberSuspended)
    #expect(try chain.run([TestChain.open("bank-a/x")], by: TestChain.bankB).code == .memberSuspended)
    #expect(try chain.run([TestChain.anchor("bank-a", "c", "k", 1)], by: TestChain.bankB).code == .memberSuspended)
  }

  @Test("Administration cannot lock itself out")
  func lockOut() throws {
    let chain = TestChain()
    let keys = try TestChain.realKeys(3)
    let others: [TestChain.Signer] = [("admin-2", 102), ("admin-3", 103), ("admin-3", 104)]
    try chain.prepare([.memberSuspend(name: TestChain.name("admin-1"), reason: "x")], by: others)
    let suspend = Operation.memberSuspend(name: TestChain.name("admin-2"), reason: "x")
    #expect(try chain.run([suspend], by: others).code == .administratorsLockedOut)
    let demote = TestChain.update("admin-2", .participant, [keys[0]])
    #expect(try chain.run([demote], by: others).code == .administratorsLockedOut)
    let rotate = TestChain.update("admin-2", [.administrator, .issuer], [keys[0]])
    #expect(try chain.run([rotate], by: others) == .applied)
    // A suspended administrator does not count, so it may be demoted.
    let demoteSuspended = TestChain.update("admin-1", .participant, [keys[1]])
    let signers: [TestChain.Signer] = [("admin-3", 103), ("admin-3", 104)]
    #expect(try chain.run([demoteSuspended], by: signers, keys: [("admin-2", keys[0])]) == .applied)
    let restoreAndSuspend = [
      Operation.memberRestore(name: TestChain.name("admin-1")), suspend,
    ]
    let outcome = try chain.run(restoreAndSuspend, by: signers, keys: [("admin-2", keys[0])])
    #expect(outcome == TransactionOutcome(code: .administratorsLockedOut, operation: 1))
  }

  @Test("Admission names what is missing before a block is spent on it")
  func admission() throws {
    let chain = try OperationOutcomeTests.prepared()
    func fault(_ operations: [Operation], _ signers: [TestChain.Signer]) throws -> AdmissionFault? {
      chain.state.admissionFault(try chain.transaction(operations, by: signers), now: chain.state.tip.timestamp)
    }
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    #expect(try fault([transfer], TestChain.bankA) == nil)
    #expect(
      try fault([transfer], TestChain.bankB) == .missingAuthority(operation: 0, .authorityMissing))
    #expect(
      try fault([TestChain.open("shop/x"), transfer], TestChain.shop)
        == .missingAuthority(operation: 1, .authorityMissing))
    #expect(
      try fault([TestChain.issue("eur", "shop", 1)], TestChain.bankB)
        == .missingAuthority(operation: 0, .authorityMissing))
    #expect(
      try fault([TestChain.retire("eur", "shop", 1)], TestChain.bankA)
        == .missingAuthority(operation: 0, .authorityMissing))
    #expect(
      try fault([.accountFreeze(account: TestChain.account("shop"))], TestChain.shop)
        == .missingAuthority(operation: 0, .administratorsMissing))
    #expect(try fault([TestChain.define("x", by: "bank-b"), TestChain.issue("x", "shop", 1)], TestChain.bankB) == nil)
    #expect(try fault([transfer], [("nobody", 1)]) == .unknownMember(TestChain.name("nobody")))
    #expect(
      try fault([transfer], [("bank-a", 2)]) == .foreignKey(TestChain.name("bank-a"), Samples.key(2)))
    #expect(
      try fault([transfer], [("shop", 11)]) == .missingAuthority(operation: 0, .authorityMissing))
    // A member that does not exist is a different cause from a missing signature.
    let nobody = TestChain.name("nobody")
    for operation in [
      TestChain.open("nobody/x"), TestChain.define("x", by: "nobody"), TestChain.anchor("nobody", "c", "k", 1),
      TestChain.transfer("eur", "nobody", "shop", 1),
    ] {
      #expect(try fault([operation], TestChain.bankA) == .noSuchMember(operation: 0, nobody))
    }
  }

  @Test("A refusal because of time gives readable times, to the millisecond")
  func times() {
    let expired = AdmissionFault.expired(validUntil: Timestamp(1_900_000_000_123), time: Timestamp(1_900_000_060_000))
    #expect(expired.explanation.contains("valid until 2030-03-17T17:46:40.123Z; it is now 2030-03-17T17:47:40.000Z"))
    let early = AdmissionFault.tooFarAhead(validUntil: Timestamp(1_900_000_000_123), latest: Timestamp(0))
    #expect(
      early.explanation.contains("2030-03-17T17:46:40.123Z") && early.explanation.contains("1970-01-01T00:00:00.000Z"))
  }
}

import Ledger
import Primitives
import TestHarness
import Testing

@Testing.Suite("Blocks ahead of finality")
struct StateUndoTests {
  @Test("A failed transaction leaves nothing but its id")
  func allOrNothing() throws {
    let chain = try OperationOutcomeTests.prepared()
    let keys = try TestChain.realKeys(2)
    let all = TestChain.admins + TestChain.bankA + TestChain.notary + TestChain.shop
    let operations: [Operation] = [
      .memberAdd(
        name: TestChain.name("new"), description: "",
        authority: MemberAuthority(roles: [], keys: [keys[0]], threshold: 1)),
      .accountFreeze(account: TestChain.account("shop/till")),
      TestChain.open("shop/other"), TestChain.define("x", by: "bank-a"), TestChain.issue("x", "shop", 5),
      TestChain.transfer("eur", "bank-a", "shop/other", 5), TestChain.transfer("eur", "bank-a", "shop/other", 5),
      .parameterSet(.administratorThreshold, to: 1), TestChain.anchor("notary", "c", "k", 1),
      TestChain.anchor("notary", "c", "k", 2),
      .memberSuspend(name: TestChain.name("guest"), reason: "x"), TestChain.retire("eur", "bank-a", 1),
      TestChain.update("bank-b", .issuer, [keys[1]]),
    ]
    // The last operation fails, so everything that the earlier ones changed must be undone.
    let impossible = TestChain.transfer("eur", "bank-a", "shop", 100_000)
    let transaction = try chain.transaction(operations + [impossible], by: all)
    let outcome = try #require(try chain.execute([transaction]).outcomes.first)
    #expect(outcome == TransactionOutcome(code: .assetInsufficientFunds, operation: UInt32(operations.count)))
    for key in [
      StateKey.member(TestChain.name("new")), .account(TestChain.account("new")),
      .account(TestChain.account("shop/other")), .asset(TestChain.name("x")),
      .balance(TestChain.account("shop"), asset: TestChain.name("x")), .collection(TestChain.collection("c")),
      .record(TestChain.collection("c"), key: "k"),
    ] {
      #expect(chain.state.entry(key) == nil)
      let proof = chain.state.prove(key)
      #expect(try proof.verify(root: chain.state.tip.stateRoot, hash: &chain.hash) == nil)
    }
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
    #expect(chain.supply("eur") == Amount(1000))
    #expect(chain.state.parameters.administratorThreshold == 2)
    #expect(chain.state.memberKeys("bank-b") == [Samples.key(2)])
    // All the operations can still be applied: the keys are free and the account can pay.
    #expect(try chain.run(operations, by: all) == .applied)
  }

  @Test("The state after a failed transaction is the one before it, plus its id", arguments: [false, true])
  func failedIsNeutral(afterOthers: Bool) throws {
    let chain = try OperationOutcomeTests.prepared()
    let id = try chain.transaction([TestChain.transfer("eur", "bank-a", "shop", 7)], by: TestChain.bankA)
    let other = try chain.transaction([TestChain.transfer("eur", "bank-a", "bank-b", 1)], by: TestChain.bankA)
    let failing = try chain.transaction(
      [
        TestChain.transfer("eur", "bank-a", "shop", 1), TestChain.transfer("eur", "bank-a", "bank-b", 1),
        TestChain.transfer("eur", "shop", "bank-b", 99),
      ], by: TestChain.bankA + TestChain.shop)
    try chain.execute(afterOthers ? [id, other, failing] : [failing, id, other])
    #expect(chain.amount("eur", "bank-a") == Amount(992))
    #expect(chain.amount("eur", "shop") == Amount(7))
    #expect(chain.amount("eur", "bank-b") == Amount(1))
    let roots = chain.state.tip.stateRoot
    chain.revert()
    try chain.execute(afterOthers ? [failing, other, id] : [id, failing, other])
    #expect(chain.state.tip.stateRoot == roots)
  }

  @Test("The owner of a key survives a reverted transaction, whatever its block did before")
  func keyHolders() throws {
    let chain = TestChain()
    let keys = try TestChain.realKeys(4)
    try chain.prepare(
      [TestChain.update("guest", [], [keys[0]]), TestChain.update("notary", [], [keys[1]])], by: TestChain.admins)
    // Earlier in the same block, a transaction that stays has changed one of the two members.
    for changed in ["guest", "notary"] {
      let stays = TestChain.update(changed, .participant, [changed == "guest" ? keys[0] : keys[1]])
      let exchange = [
        TestChain.update("guest", [], [keys[2]]), TestChain.update("notary", [], [keys[0]]),
        TestChain.update("guest", [], [keys[1]]), TestChain.update("nobody", [], [keys[3]]),
      ]
      let outcomes = try chain.execute([
        chain.transaction([stays], by: TestChain.admins), chain.transaction(exchange, by: TestChain.admins),
      ]).outcomes
      #expect(outcomes.map(\.code) == [.applied, .memberUnknown])
      for key in keys.prefix(2) {
        let taken = try chain.run([TestChain.update("shop", .participant, [key])], by: TestChain.admins)
        #expect(taken.code == .memberSharedKey)
      }
      chain.revert()
      chain.revert()
      chain.revert()
    }
    try chain.prepare(
      [
        TestChain.update("guest", [], [keys[2]]), TestChain.update("notary", [], [keys[0]]),
        TestChain.update("guest", [], [keys[1]]),
      ], by: TestChain.admins)
    chain.revert()
    for key in keys.prefix(2) {
      let taken = try chain.run([TestChain.update("shop", .participant, [key])], by: TestChain.admins)
      #expect(taken.code == .memberSharedKey)
    }
    #expect(try chain.run([TestChain.update("shop", .participant, [keys[2]])], by: TestChain.admins) == .applied)
  }

  @Test("Reverting blocks restores tips, roots and look-ups")
  func revert() throws {
    let chain = try OperationOutcomeTests.prepared()
    var tips = [chain.state.tip]
    for index in 0..<5 as Range<UInt64> {
      try chain.execute([
        chain.transaction(
          [TestChain.transfer("eur", "bank-a", "shop", UInt128(index + 1)), TestChain.issue("eur", "bank-b", 1)],
          by: TestChain.bankA),
        chain.transaction([TestChain.open("shop/\(index)")], by: TestChain.shop),
        chain.transaction([TestChain.anchor("notary", "c", "k", index)], by: TestChain.notary),
      ])
      tips.append(chain.state.tip)
    }
    while let tip = tips.popLast() {
      #expect(chain.state.tip == tip)
      if !tips.isEmpty { chain.revert() }
    }
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
    #expect(chain.supply("eur") == Amount(1000))
    #expect(chain.state.entry(.account(TestChain.account("shop/0"))) == nil)
    #expect(chain.state.entry(.record(TestChain.collection("c"), key: "k")) == nil)
  }

  @Test("Settled look-ups do not change until settle, even while the tip moves back and forth")
  func settled() throws {
    let chain = try OperationOutcomeTests.prepared()
    chain.state.settle(upTo: chain.state.tip.height)
    let payer = TestChain.account("bank-a")
    let payee = TestChain.account("shop/new")
    let eur = TestChain.name("eur")
    let collection = TestChain.collection("c")
    func read() -> [String] {
      let view = LedgerView(of: chain.state)
      return [
        "\(chain.state.settledBalance(payer, asset: eur))", "\(chain.state.settledBalance(payee, asset: eur))",
        "\(chain.state.settledAccount(payee) == nil)", "\(chain.state.settledAsset(eur)?.supply ?? .zero)",
        "\(view.member(TestChain.name("shop"))?.isSuspended ?? true)",
        "\(chain.state.settledRecord(collection, key: "k")?.version ?? 0)",
        "\(view.record(collection, key: "k")?.content.word0 ?? 0)",
        "\(view.accounts(of: TestChain.name("shop"), limit: 9).map(\.name))",
        "\(view.balances(of: payee, limit: 9))", "\(view.members(limit: 99).count)",
        "\(chain.state.settledOwner(of: collection) == nil)",
      ]
    }
    var history = [read()]
    #expect(
      history[0] == [
        "1000", "0", "true", "1000", "false", "0", "0", "[shop, shop/till]", "[]", "8", "true",
      ])
    let known = try chain.transaction([TestChain.open("shop/new")], by: TestChain.shop)
    try chain.execute([known])
    #expect(read() == history[0])
    #expect(!chain.settledContains(known.id))
    for index in 1...3 as ClosedRange<UInt64> {
      try chain.execute([
        chain.transaction(
          [TestChain.transfer("eur", "bank-a", "shop/new", 10), TestChain.issue("eur", "bank-b", 1)],
          by: TestChain.bankA),
        chain.transaction([TestChain.anchor("notary", "c", "k", index)], by: TestChain.notary),
      ])
      #expect(read() == history[0])
    }
    try chain.execute([
      chain.transaction([.memberSuspend(name: TestChain.name("shop"), reason: "x")], by: TestChain.admins)
    ])
    #expect(read() == history[0])
    let first = try #require(chain.state.settled.height.next)
    chain.state.settle(upTo: first)
    #expect(chain.settledContains(known.id))
    #expect(read()[2] == "false")
    #expect(read()[7] == "[shop, shop/new, shop/till]")
    history = [read()]
    chain.revert()
    chain.revert()
    #expect(read() == history[0])
    chain.state.settle(upTo: chain.state.tip.height)
    #expect(chain.state.settled == chain.state.tip)
    #expect(
      read() == [
        "980", "20", "false", "1002", "false", "2", "2", "[shop, shop/new, shop/till]",
        "\([Balance(asset: eur, amount: Amount(20))])", "8", "false",
      ])
    // Settling a settled block changes nothing.
    chain.state.settle(upTo: first)
    #expect(chain.state.settled == chain.state.tip)
  }

  @Test("A settled id that an unsettled block forgot is still settled")
  func settledForgotten() throws {
    let chain = try OperationOutcomeTests.prepared()
    let until = chain.state.tip.timestamp.advanced(byMilliseconds: 1000)
    let transaction = try chain.transaction([TestChain.open("shop/a")], by: TestChain.shop, validUntil: until)
    try chain.execute([transaction])
    chain.state.settle(upTo: chain.state.tip.height)
    try chain.execute([], after: 1)
    #expect(!chain.contains(transaction.id))
    #expect(chain.settledContains(transaction.id))
    chain.state.settle(upTo: chain.state.tip.height)
    #expect(!chain.settledContains(transaction.id))
  }

  @Test("C12, C15: a block that does not follow the tip or its computed result is a fault and changes nothing")
  func chainFaults() throws {
    let chain = try OperationOutcomeTests.prepared()
    let tip = chain.state.tip
    let next = try #require(tip.height.next)
    let time = tip.timestamp.advanced(byMilliseconds: 1)
    func block(_ height: Height, _ parent: Digest, _ result: Digest, _ time: Timestamp) -> Block {
      Block.assemble(
        height: height, parent: parent, parentResult: result, timestamp: time, transactions: [],
        chain: chain.state.chain, hash: &chain.hash)
    }
    let cases: [(Block, BlockFault?)] = [
      (block(next, tip.block, tip.result, time), nil),
      (block(tip.height, tip.block, tip.result, time), .height(tip.height, expected: next)),
      (block(Height(.max), tip.block, tip.result, time), .height(Height(.max), expected: next)),
      (block(next, .zero, tip.result, time), .parent(.zero, expected: tip.block)),
      (block(next, tip.block, .zero, time), .parentResult(.zero, expected: tip.result)),
      (block(next, tip.block, tip.result, tip.timestamp), .timestamp(tip.timestamp, parent: tip.timestamp)),
    ]
    for (block, fault) in cases {
      #expect(chain.state.fault(in: block) == fault)
      if let fault { #expect(throws: fault) { try chain.state.execute(block) } }
      #expect(chain.state.tip == tip)
    }
  }
}

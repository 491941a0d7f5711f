import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// Checks for every operation when it is applied, what it then changes, and each reason for which it fails.
@Testing.Suite("Operations on the state")
struct OperationOutcomeTests {
  /// A chain with the asset `eur` issued by bank-a, 1000 units of it in `bank-a`, and the account `shop/till`.
  static func prepared(version: UInt8 = Genesis.currentVersion) throws -> TestChain {
    let chain = TestChain(version: version)
    try chain.prepare(
      [TestChain.define("eur", by: "bank-a"), TestChain.issue("eur", "bank-a", 1000)], by: TestChain.bankA)
    try chain.prepare([TestChain.open("shop/till")], by: TestChain.shop)
    return chain
  }

  static func expect(
    _ chain: TestChain, _ operation: Operation, by signers: [TestChain.Signer], _ code: OutcomeCode,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let root = chain.state.tip.stateRoot
    let outcome = try chain.run([operation], by: signers)
    #expect(outcome == TransactionOutcome(code: code, operation: 0), sourceLocation: location)
    // Only the remembered id differs.
    if code != .applied { #expect(root != chain.state.tip.stateRoot, sourceLocation: location) }
  }

  @Test("Transfers move units, or fail with the reason")
  func transfer() throws {
    let chain = try Self.prepared()
    let transfer = TestChain.transfer
    try Self.expect(chain, transfer("eur", "bank-a", "shop/till", 400), by: TestChain.bankA, .applied)
    #expect(chain.amount("eur", "bank-a") == Amount(600))
    #expect(chain.amount("eur", "shop/till") == Amount(400))
    try Self.expect(chain, transfer("usd", "bank-a", "shop", 1), by: TestChain.bankA, .assetUnknown)
    try Self.expect(chain, transfer("eur", "bank-a/x", "shop", 1), by: TestChain.bankA, .accountUnknown)
    try Self.expect(chain, transfer("eur", "bank-a", "shop/x", 1), by: TestChain.bankA, .accountUnknown)
    try Self.expect(chain, transfer("eur", "bank-a", "shop", 601), by: TestChain.bankA, .assetInsufficientFunds)
    try Self.expect(chain, transfer("eur", "guest", "shop", 1), by: TestChain.guest, .assetInsufficientFunds)
    try Self.expect(chain, transfer("eur", "bank-a", "shop", 1), by: TestChain.bankB, .authorityMissing)
    try Self.expect(chain, transfer("eur", "bank-a", "shop", 600), by: TestChain.bankA, .applied)
    #expect(chain.state.entry(.balance(TestChain.account("bank-a"), asset: TestChain.name("eur"))) == nil)
  }

  @Test("A frozen account receives and does not pay")
  func frozen() throws {
    let chain = try Self.prepared()
    let till = TestChain.account("shop/till")
    try chain.prepare([TestChain.transfer("eur", "bank-a", "shop/till", 10)], by: TestChain.bankA)
    try Self.expect(chain, .accountFreeze(account: till), by: TestChain.shop, .administratorsMissing)
    try Self.expect(
      chain, .accountFreeze(account: TestChain.account("shop/x")), by: TestChain.admins, .accountUnknown)
    try Self.expect(chain, .accountUnfreeze(account: till), by: TestChain.admins, .accountNotFrozen)
    try Self.expect(chain, .accountFreeze(account: till), by: TestChain.admins, .applied)
    try Self.expect(chain, .accountFreeze(account: till), by: TestChain.admins, .accountFrozen)
    try Self.expect(chain, TestChain.transfer("eur", "shop/till", "shop", 1), by: TestChain.shop, .accountFrozen)
    try Self.expect(
      chain, TestChain.retire("eur", "shop/till", 1), by: TestChain.shop + TestChain.bankA, .accountFrozen)
    try Self.expect(chain, TestChain.transfer("eur", "bank-a", "shop/till", 1), by: TestChain.bankA, .applied)
    try Self.expect(chain, .accountUnfreeze(account: till), by: TestChain.admins, .applied)
    try Self.expect(chain, TestChain.transfer("eur", "shop/till", "shop", 11), by: TestChain.shop, .applied)
  }

  @Test("Issuing needs the issuer, retiring the issuer and the owner; supply follows")
  func supply() throws {
    let chain = try Self.prepared()
    try Self.expect(chain, TestChain.issue("usd", "shop", 5), by: TestChain.bankA, .assetUnknown)
    try Self.expect(chain, TestChain.issue("eur", "shop/x", 5), by: TestChain.bankA, .accountUnknown)
    try Self.expect(chain, TestChain.issue("eur", "shop", 5), by: TestChain.bankB, .authorityMissing)
    try Self.expect(chain, TestChain.issue("eur", "shop", 5), by: TestChain.bankA, .applied)
    #expect(chain.supply("eur") == Amount(1005))
    try Self.expect(chain, TestChain.retire("usd", "shop", 5), by: TestChain.bankA, .assetUnknown)
    try Self.expect(chain, TestChain.retire("eur", "shop/x", 5), by: TestChain.bankA, .accountUnknown)
    try Self.expect(chain, TestChain.retire("eur", "shop", 5), by: TestChain.bankA, .authorityMissing)
    try Self.expect(chain, TestChain.retire("eur", "shop", 5), by: TestChain.shop, .authorityMissing)
    let both = TestChain.shop + TestChain.bankA
    try Self.expect(chain, TestChain.retire("eur", "shop", 6), by: both, .assetInsufficientFunds)
    try Self.expect(chain, TestChain.retire("eur", "shop", 5), by: both, .applied)
    #expect(chain.supply("eur") == Amount(1000))
    try Self.expect(chain, TestChain.issue("eur", "shop", .max - 999), by: TestChain.bankA, .assetSupplyOverflow)
    try Self.expect(chain, TestChain.issue("eur", "bank-a", .max - 1000), by: TestChain.bankA, .applied)
    #expect(chain.supply("eur") == Amount(.max))
    #expect(chain.amount("eur", "bank-a") == Amount(.max))
    // An issuer that lost the role keeps its assets but cannot issue more of them.
    try chain.prepare([TestChain.update("bank-a", .participant, TestChain.realKeys(1))], by: TestChain.admins)
    let key = try #require(chain.state.memberKeys("bank-a").first)
    let outcome = try chain.run([TestChain.issue("eur", "shop", 1)], by: [], keys: [("bank-a", key)])
    #expect(outcome.code == .roleMissing)
  }

  @Test("Assets are defined by their issuers, once")
  func define() throws {
    let chain = try Self.prepared()
    try Self.expect(chain, TestChain.define("x", by: "nobody"), by: TestChain.bankA, .memberUnknown)
    try Self.expect(chain, TestChain.define("x", by: "bank-b"), by: TestChain.bankA, .authorityMissing)
    try Self.expect(chain, TestChain.define("x", by: "shop"), by: TestChain.shop, .roleMissing)
    try Self.expect(chain, TestChain.define("eur", by: "bank-b"), by: TestChain.bankB, .assetExists)
    try Self.expect(chain, TestChain.define("x", by: "bank-b"), by: TestChain.bankB, .applied)
    #expect(chain.supply("x") == .zero)
  }

  @Test("Accounts are opened by their owners, once")
  func open() throws {
    let chain = try Self.prepared()
    try Self.expect(chain, TestChain.open("nobody/x"), by: TestChain.shop, .memberUnknown)
    try Self.expect(chain, TestChain.open("bank-a/x"), by: TestChain.shop, .authorityMissing)
    try Self.expect(chain, TestChain.open("guest/x"), by: TestChain.guest, .roleMissing)
    try Self.expect(chain, TestChain.open("notary/x"), by: TestChain.notary, .roleMissing)
    try Self.expect(chain, TestChain.open("shop/till"), by: TestChain.shop, .accountExists)
    try Self.expect(chain, TestChain.open("shop"), by: TestChain.shop, .accountExists)
    try Self.expect(chain, TestChain.open("bank-b/x"), by: TestChain.bankB, .applied)
    try Self.expect(chain, TestChain.open("admin-1/x"), by: [("admin-1", 101)], .applied)
  }

  @Test("Administrators change the chain's parameters, which hold from the next block on")
  func parameters() throws {
    let chain = try Self.prepared()
    let set = { (value: UInt64) in Operation.parameterSet(.validityMilliseconds, to: value) }
    try Self.expect(chain, set(60_000), by: TestChain.shop, .administratorsMissing)
    try Self.expect(
      chain, .parameterSet(.administratorThreshold, to: 4), by: TestChain.admins, .administratorsLockedOut)
    try Self.expect(chain, .parameterSet(.administratorThreshold, to: 3), by: TestChain.admins, .applied)
    #expect(chain.state.parameters.administratorThreshold == 3)
    // Two of three no longer are enough.
    try Self.expect(chain, set(60_000), by: TestChain.admins, .administratorsMissing)
    let all = TestChain.admins + [("admin-3", 103), ("admin-3", 104)]
    try Self.expect(chain, .parameterSet(.administratorThreshold, to: 2), by: all, .applied)

    let far = try chain.transaction(
      [TestChain.open("shop/far")], by: TestChain.shop,
      validUntil: chain.state.tip.timestamp.advanced(byMilliseconds: 200_000))
    #expect(chain.state.admissionFault(far, now: chain.state.tip.timestamp) == nil)
    var expected = chain.state.parameters
    for parameter in ChainParameter.allCases where parameter != .administratorThreshold && !parameter.isConfigured {
      let value = parameter.bounds.lowerBound
      expected.set(parameter, to: value)
      try Self.expect(chain, .parameterSet(parameter, to: value), by: TestChain.admins, .applied)
      #expect(chain.state.parameters == expected)
      #expect(LedgerView(of: chain.state).parameters != expected)
    }
    guard case .tooFarAhead = chain.state.admissionFault(far, now: chain.state.tip.timestamp) else {
      Issue.record("a transaction is admitted that is valid for longer than the parameters allow")
      return
    }
    chain.state.settle(upTo: chain.state.tip.height)
    #expect(LedgerView(of: chain.state).parameters == chain.state.parameters)
  }

  @Test("A change of the configuration names the one that it finds, so that of two prepared apart the second fails")
  func configuration() throws {
    let chain = try Self.prepared()
    let found = chain.state.tip.above
    let set = { (value: UInt64, configuration: Digest) in
      Operation.parameterSet(.leaderTimeoutMilliseconds, to: value, configuration: configuration)
    }
    try Self.expect(chain, set(700, found.configuration), by: TestChain.shop, .administratorsMissing)
    #expect(chain.state.tip.above == found)
    try Self.expect(chain, set(700, found.configuration), by: TestChain.admins, .applied)
    let next = chain.state.tip.above
    #expect(next.epoch == Epoch(1))
    #expect(chain.state.configuration.leaderTimeoutMilliseconds == 700)
    var hash = HashFunction(chain.state.chain.suite)
    #expect(next.configuration == chain.state.configuration.digest(hash: &hash))
    try Self.expect(chain, set(800, found.configuration), by: TestChain.admins, .configurationOutdated)
    try Self.expect(chain, set(700, next.configuration), by: TestChain.admins, .applied)
    #expect(chain.state.tip.above == next)
    let current = UInt64(Genesis.currentVersion)
    for version in [current - 1, current, current + 2] {
      try Self.expect(
        chain, .parameterSet(.rulesVersion, to: version, configuration: next.configuration), by: TestChain.admins,
        .rulesVersionNotNext)
    }
    let raise = { (version: UInt64) in
      Operation.parameterSet(.rulesVersion, to: version, configuration: next.configuration)
    }
    let twice = try chain.run([raise(current + 1), raise(current + 2)], by: TestChain.admins)
    #expect(twice == TransactionOutcome(code: .rulesVersionNotNext, operation: 1))
    try Self.expect(chain, raise(current + 1), by: TestChain.admins, .applied)
    #expect(chain.state.tip.above.epoch == Epoch(2))
  }

  @Test("Several changes in one transaction end one epoch, and those that cancel out none")
  func cancelledChanges() throws {
    let chain = try Self.prepared()
    let found = chain.state.tip.above
    let before = UInt64(chain.state.configuration.leaderTimeoutMilliseconds)
    let set = { (value: UInt64) in
      Operation.parameterSet(.leaderTimeoutMilliseconds, to: value, configuration: found.configuration)
    }
    try chain.prepare([set(before + 1), set(before)], by: TestChain.admins)
    #expect(chain.state.tip.above == found)
    try chain.prepare([set(before + 1), set(before + 2)], by: TestChain.admins)
    #expect(chain.state.tip.above.epoch == Epoch(1))
    #expect(UInt64(chain.state.configuration.leaderTimeoutMilliseconds) == before + 2)
  }

  @Test("A block with more operations or bytes than the parameters allow is refused, and none such is built")
  func limits() throws {
    let chain = try Self.prepared()
    let count = ChainParameter.blockOperations.bounds.lowerBound
    let transactions = try (0..<2).map { number in
      try chain.transaction(
        (0...count / 2).map { TestChain.open("shop/\(number)-\($0)") }, by: TestChain.shop)
    }
    let parameters = ChainParameters(administratorThreshold: 2, blockOperations: UInt32(count))
    var (whole, limited) = (BlockBudget(), BlockBudget(parameters))
    #expect(transactions.map { whole.take($0) } == [true, true])
    #expect(transactions.map { limited.take($0) } == [true, false])
    #expect(chain.state.fault(in: chain.block(transactions)) == nil)
    try Self.expect(chain, .parameterSet(.blockOperations, to: count), by: TestChain.admins, .applied)
    #expect(
      chain.state.fault(in: chain.block(transactions))
        == .tooManyOperations(2 * (Int(count) / 2 + 1), limit: Int(count)))
    let bytes = ChainParameter.blockBytes.bounds.lowerBound
    try Self.expect(chain, .parameterSet(.blockBytes, to: bytes), by: TestChain.admins, .applied)
    let large = try (0..<9).map { number in
      try chain.transaction(
        (0..<110).map {
          TestChain.anchor("notary", "c", "\(number)-\($0)", 1, metadata: Array(repeating: 1, count: 1024))
        },
        by: TestChain.notary)
    }
    var budget = BlockBudget(chain.state.parameters)
    #expect(large.map { budget.take($0) } == Array(repeating: true, count: 8) + [false])
    let block = chain.block(large)
    #expect(chain.state.fault(in: block) == .tooLarge(bytes: block.bytes.count, limit: Int(bytes)))
  }

  @Test("A record's latest version commits to all earlier ones, in its author's collection")
  func records() throws {
    let chain = try Self.prepared()
    try Self.expect(chain, TestChain.anchor("nobody", "c", "k", 1), by: TestChain.notary, .memberUnknown)
    try Self.expect(chain, TestChain.anchor("notary", "c", "k", 1), by: TestChain.shop, .authorityMissing)
    try Self.expect(chain, TestChain.anchor("shop", "c", "k", 1), by: TestChain.shop, .roleMissing)
    let collection = TestChain.collection("c")
    var previous = Digest.zero
    for number in 1...3 as ClosedRange<UInt64> {
      try Self.expect(
        chain, TestChain.anchor("notary", "c", "k", number, metadata: [UInt8(number)]), by: TestChain.notary, .applied)
      guard case .record(let record) = chain.state.entry(.record(collection, key: "k")) else {
        Issue.record("no record")
        return
      }
      #expect(record.previous == previous)
      // What a reader of receipts knows of the version leads to the same digest.
      let known = RecordVersion(
        collection: collection, key: "k", version: number, author: TestChain.name("notary"),
        content: Digest(number, 0, 0, 0), metadata: [UInt8(number)], time: chain.state.tip.timestamp, previous: previous
      )
      previous = known.digest(hash: &chain.hash)
    }
    guard case .record(let latest) = chain.state.entry(.record(collection, key: "k")) else {
      Issue.record("no record")
      return
    }
    #expect(latest.version == 3)
    #expect(latest.content == Digest(3, 0, 0, 0))
    #expect(latest.metadata == [3])
    #expect(latest.time == chain.state.tip.timestamp)
    try chain.prepare(
      [TestChain.update("bank-b", [.issuer, .notary], [try TestChain.realKeys(1)[0]])], by: TestChain.admins)
    let key = try #require(chain.state.memberKeys("bank-b").first)
    let foreign = try chain.run([TestChain.anchor("bank-b", "c", "k", 9)], by: [], keys: [("bank-b", key)])
    #expect(foreign.code == .recordForeignCollection)
    // Keys that look alike but have different bytes name different records.
    try Self.expect(chain, TestChain.anchor("notary", "c", "\u{E9}", 1), by: TestChain.notary, .applied)
    try Self.expect(chain, TestChain.anchor("notary", "c", "e\u{301}", 2), by: TestChain.notary, .applied)
    guard case .record(let composed) = chain.state.entry(.record(collection, key: "\u{E9}")) else {
      Issue.record("no record")
      return
    }
    #expect(composed.version == 1)
  }

  @Test("Members are admitted, changed, suspended and restored by administrators")
  func members() throws {
    let chain = try Self.prepared()
    let keys = try TestChain.realKeys(3)
    func add(_ name: String, _ keys: [PublicKey]) -> Operation {
      .memberAdd(
        name: TestChain.name(name), description: "new",
        authority: MemberAuthority(roles: .participant, keys: keys, threshold: 1))
    }
    try Self.expect(chain, add("new", [keys[0]]), by: [("admin-1", 101)], .administratorsMissing)
    try Self.expect(chain, add("shop", [keys[0]]), by: TestChain.admins, .memberExists)
    try Self.expect(chain, add("new", [Samples.key(1 << 40)]), by: TestChain.admins, .memberInvalidKey)
    try Self.expect(chain, add("new", [keys[0]]), by: TestChain.admins, .applied)
    try Self.expect(chain, add("newer", [keys[1], keys[0]]), by: TestChain.admins, .memberSharedKey)
    #expect(chain.state.entry(.account(TestChain.account("new"))) != nil)
    try Self.expect(chain, TestChain.update("nobody", [], keys), by: TestChain.admins, .memberUnknown)
    try Self.expect(chain, TestChain.update("new", [], keys), by: TestChain.bankA, .administratorsMissing)
    try Self.expect(chain, TestChain.update("new", [.issuer], [keys[2]]), by: TestChain.admins, .applied)
    // The key that was given up can be used again.
    try Self.expect(chain, add("newer", [keys[1], keys[0]]), by: TestChain.admins, .applied)
    let suspend = Operation.memberSuspend(name: TestChain.name("shop"), reason: "audit")
    let restore = Operation.memberRestore(name: TestChain.name("shop"))
    try Self.expect(chain, restore, by: TestChain.admins, .memberNotSuspended)
    try Self.expect(chain, suspend, by: TestChain.shop, .administratorsMissing)
    try Self.expect(chain, suspend, by: TestChain.admins, .applied)
    try Self.expect(chain, suspend, by: TestChain.admins, .memberSuspended)
    try Self.expect(
      chain, .memberSuspend(name: TestChain.name("nobody"), reason: ""), by: TestChain.admins, .memberUnknown)
    try Self.expect(chain, TestChain.transfer("eur", "bank-a", "shop/till", 1), by: TestChain.bankA, .memberSuspended)
    try Self.expect(chain, TestChain.issue("eur", "shop/till", 1), by: TestChain.bankA, .memberSuspended)
    try Self.expect(
      chain, .memberRestore(name: TestChain.name("nobody")), by: TestChain.admins, .memberUnknown)
    try Self.expect(chain, restore, by: TestChain.bankA, .administratorsMissing)
    try Self.expect(chain, restore, by: TestChain.admins, .applied)
    try Self.expect(chain, TestChain.transfer("eur", "bank-a", "shop/till", 1), by: TestChain.bankA, .applied)
  }
}

extension LedgerState {
  func memberKeys(_ text: String) -> [PublicKey] {
    guard case .member(let member) = entry(.member(TestChain.name(text))) else { return [] }
    return member.authority.keys
  }
}

import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// When the operations on holds are applied, what they then change, and each reason for which they fail.
@Testing.Suite("Operations on holds")
struct HoldTests {
  private let admins = TestChain.admins

  /// The chain of `OperationOutcomeTests.prepared` with an open hold "r" of 100 units from bank-a for shop/till, which the
  /// notary can judge.
  static func prepared() throws -> TestChain {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([chain.place("bank-a", "shop/till", 100, "r", arbiter: "notary")], by: TestChain.bankA)
    return chain
  }

  private func expect(
    _ chain: TestChain, _ operation: Operation, by signers: [TestChain.Signer], _ code: OutcomeCode,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let supply = chain.supply("eur")
    try OperationOutcomeTests.expect(chain, operation, by: signers, code, location)
    #expect(chain.state.supplyDifference() == nil, sourceLocation: location)
    #expect(chain.supply("eur") == supply, sourceLocation: location)
  }

  private func suspend(_ name: String) -> Operation { .memberSuspend(name: TestChain.name(name), reason: "") }
  private func restore(_ name: String) -> Operation { .memberRestore(name: TestChain.name(name)) }
  private let freeze = Operation.accountFreeze(account: TestChain.account("bank-a"))
  private let unfreeze = Operation.accountUnfreeze(account: TestChain.account("bank-a"))

  @Test("A hold sets units aside, which captures move to the payee, and which return to the payer at the end")
  func moves() throws {
    let chain = try OperationOutcomeTests.prepared()
    let before = chain.state.tip.timestamp
    try expect(
      chain, chain.place("bank-a", "shop/till", 400, "r", in: 60_000, arbiter: "notary"), by: TestChain.bankA, .applied)
    #expect(chain.amount("eur", "bank-a") == Amount(600))
    #expect(chain.amount("eur", "shop/till") == .zero)
    var expected = Hold(
      from: TestChain.account("bank-a"), reference: TestChain.reference("r"), to: TestChain.account("shop/till"),
      asset: TestChain.name("eur"), amount: Amount(400), expires: before.advanced(byMilliseconds: 60_000),
      arbiter: TestChain.name("notary"), placed: HoldNumber(height: chain.state.tip.height, operation: 0))
    #expect(chain.hold("bank-a", "r") == expected)
    // What is held cannot be spent or retired.
    try expect(chain, TestChain.transfer("eur", "bank-a", "shop", 601), by: TestChain.bankA, .assetInsufficientFunds)
    try expect(chain, TestChain.retire("eur", "bank-a", 601), by: TestChain.bankA, .assetInsufficientFunds)
    try expect(chain, TestChain.capture("bank-a", "shop/till", 150, "r"), by: TestChain.shop, .applied)
    expected.amount = Amount(250)
    #expect(chain.hold("bank-a", "r") == expected)
    #expect(chain.amount("eur", "shop/till") == Amount(150))
    // The arbiter captures for the payee. What is left returns.
    try expect(
      chain, TestChain.capture("bank-a", "shop/till", 50, "r", closes: true), by: TestChain.notary, .applied)
    #expect(chain.hold("bank-a", "r") == nil)
    #expect(chain.amount("eur", "shop/till") == Amount(200))
    #expect(chain.amount("eur", "bank-a") == Amount(800))
    // A hold of which nothing is left has ended, whether the capture says so or not.
    for closes in [false, true] {
      try expect(chain, chain.place("bank-a", "shop/till", 100, "r"), by: TestChain.bankA, .applied)
      #expect(chain.hold("bank-a", "r")?.arbiter == nil)
      try expect(
        chain, TestChain.capture("bank-a", "shop/till", 100, "r", closes: closes), by: TestChain.shop, .applied)
      #expect(chain.hold("bank-a", "r") == nil)
    }
    #expect(chain.amount("eur", "shop/till") == Amount(400))
    // Everything that is available can be held, and the balance then has no entry.
    try expect(chain, chain.place("bank-a", "shop/till", 600, "r"), by: TestChain.bankA, .applied)
    #expect(chain.state.entry(.balance(TestChain.account("bank-a"), asset: TestChain.name("eur"))) == nil)
    try expect(chain, TestChain.release("bank-a", "shop/till", "r"), by: TestChain.shop, .applied)
    #expect(chain.amount("eur", "bank-a") == Amount(600))
  }

  @Test("Placing fails for the first reason that applies")
  func placing() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([chain.place("bank-a", "shop/till", 1, "r")], by: TestChain.bankA)
    let (bankA, bankB) = (TestChain.bankA, TestChain.bankB)
    // In the order of the checks: each of these has all the later faults as well, as far as that is possible.
    func place(
      _ to: String = "shop/till", _ amount: UInt128 = .max, in milliseconds: UInt64 = 0, arbiter: String? = "nobody",
      of asset: String = "eur"
    ) -> Operation {
      chain.place("bank-a", to, amount, "r", in: milliseconds, arbiter: arbiter, of: asset)
    }
    try chain.prepare([freeze, suspend("shop")], by: admins)
    try expect(chain, place("shop/x", of: "usd"), by: bankB, .assetUnknown)
    try expect(chain, place("shop/x"), by: bankB, .accountUnknown)
    try expect(chain, chain.place("bank-a/x", "shop/till", 1, "r", in: 0), by: bankB, .accountUnknown)
    try expect(chain, place(), by: bankB, .memberSuspended)
    try chain.prepare([restore("shop"), suspend("bank-a")], by: admins)
    try expect(chain, place(), by: bankB, .memberSuspended)
    try chain.prepare([restore("bank-a")], by: admins)
    // Neither payee nor arbiter places a hold.
    try expect(chain, place(arbiter: "bank-b"), by: bankB + TestChain.shop, .authorityMissing)
    try expect(chain, place(), by: bankB, .authorityMissing)
    try expect(chain, place(), by: bankA, .memberUnknown)
    try expect(chain, place(arbiter: "notary"), by: bankA, .accountFrozen)
    try chain.prepare([unfreeze], by: admins)
    try expect(chain, place(arbiter: nil), by: bankA, .holdExpiryPassed)
    try expect(chain, place(in: 1000, arbiter: nil), by: bankA, .holdExpiryPassed)
    let latest = 1000 + Limits.holdMilliseconds
    try expect(chain, place(in: latest + 1, arbiter: nil), by: bankA, .holdExpiryTooFar)
    try expect(chain, place(in: .max, arbiter: nil), by: bankA, .holdExpiryTooFar)
    try expect(chain, place(in: 1001, arbiter: nil), by: bankA, .holdExists)
    try expect(chain, place(in: latest, arbiter: nil), by: bankA, .holdExists)
    try expect(chain, chain.place("bank-a", "shop/till", 1000, "s"), by: bankA, .assetInsufficientFunds)
    // An account that never had any of the asset.
    try expect(chain, chain.place("guest", "shop/till", 1, "s"), by: TestChain.guest, .assetInsufficientFunds)
    #expect(chain.held("bank-a", "r") == Amount(1))
    try expect(chain, chain.place("bank-a", "shop/till", 998, "s", in: latest), by: bankA, .applied)
    try expect(chain, chain.place("bank-a", "shop/till", 1, "t", in: 1001), by: bankA, .applied)
  }

  @Test("Capturing fails for the first reason that applies")
  func capturing() throws {
    let chain = try Self.prepared()
    let (bankA, bankB, shop, notary) = (TestChain.bankA, TestChain.bankB, TestChain.shop, TestChain.notary)
    let capture = TestChain.capture
    let (all, more) = (UInt128(100), UInt128(101))
    try chain.prepare([freeze, suspend("shop")], by: admins)
    try expect(chain, capture("bank-a", "shop", more, "x", false, "usd"), by: bankB, .holdUnknown)
    try expect(chain, capture("bank-a/x", "shop/till", more, "r", false, "eur"), by: bankB, .holdUnknown)
    try expect(chain, capture("shop", "bank-a", more, "r", false, "eur"), by: bankB, .holdUnknown)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "usd"), by: bankB, .holdOtherTerms)
    try expect(chain, capture("bank-a", "shop", more, "r", false, "eur"), by: bankB, .holdOtherTerms)
    try expect(chain, capture("bank-a", "nobody", more, "r", false, "eur"), by: bankB, .holdOtherTerms)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: bankB, .memberSuspended)
    try expect(chain, capture("bank-a", "shop/till", all, "r", false, "eur"), by: notary, .memberSuspended)
    try chain.prepare([restore("shop")], by: admins)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: bankB, .authorityMissing)
    try expect(chain, capture("bank-a", "shop/till", all, "r", false, "eur"), by: bankA, .authorityMissing)
    // Hold "e" expires when its payer is frozen and suspended.
    try chain.prepare([unfreeze], by: admins)
    try chain.prepare([chain.place("bank-a", "shop/till", 10, "e", in: 3000, arbiter: "notary")], by: bankA)
    try chain.prepare([freeze, suspend("bank-a")], by: admins)
    let late = capture("bank-a", "shop/till", more, "e", false, "eur")
    let outcomes = try chain.execute([
      chain.transaction([late], by: bankB), chain.transaction([late], by: shop), chain.transaction([late], by: notary),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.authorityMissing, .holdExpired, .holdExpired])
    #expect(chain.hold("bank-a", "e") == nil)
    #expect(chain.amount("eur", "shop/till") == .zero)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: shop, .memberSuspended)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: notary, .holdAmountExceeded)
    try chain.prepare([restore("bank-a")], by: admins)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: shop, .accountFrozen)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: shop + notary, .holdAmountExceeded)
    try chain.prepare([unfreeze], by: admins)
    try expect(chain, capture("bank-a", "shop/till", more, "r", false, "eur"), by: shop, .holdAmountExceeded)
    try expect(chain, capture("bank-a", "shop/till", all, "r", false, "eur"), by: shop, .applied)
    try expect(chain, capture("bank-a", "shop/till", all, "r", false, "eur"), by: shop, .holdUnknown)
    #expect(chain.amount("eur", "shop/till") == Amount(100))
  }

  @Test("Payee and arbiter release a hold at any time, the payer once it has expired")
  func releasing() throws {
    let chain = try Self.prepared()
    let (bankA, bankB, shop, notary) = (TestChain.bankA, TestChain.bankB, TestChain.shop, TestChain.notary)
    let release = { TestChain.release("bank-a", "shop/till", $0) }
    try expect(chain, release("x"), by: bankB, .holdUnknown)
    try expect(chain, TestChain.release("bank-a/x", "shop/till", "r"), by: bankB, .holdUnknown)
    try expect(chain, TestChain.release("shop/till", "bank-a", "r"), by: bankB, .holdUnknown)
    try expect(chain, TestChain.release("bank-a", "shop/till", "r", of: "usd"), by: bankB, .holdOtherTerms)
    try expect(chain, TestChain.release("bank-a", "shop", "r"), by: shop, .holdOtherTerms)
    for signers in [bankA, bankB, admins] { try expect(chain, release("r"), by: signers, .authorityMissing) }
    #expect(chain.held("bank-a", "r") == Amount(100))
    // Neither a frozen payer nor a suspended one, nor a suspended payee, is in the way.
    try chain.prepare([freeze, suspend("bank-a"), suspend("shop")], by: admins)
    try expect(chain, release("r"), by: notary, .applied)
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
    try chain.prepare([unfreeze, restore("bank-a"), restore("shop")], by: admins)
    try chain.prepare([chain.place("bank-a", "shop/till", 100, "r")], by: bankA)
    try chain.prepare([freeze], by: admins)
    try expect(chain, release("r"), by: shop, .applied)
    try chain.prepare([unfreeze], by: admins)
    // Without an arbiter, nobody stands in for it.
    try chain.prepare([chain.place("bank-a", "shop/till", 100, "r", in: 3000)], by: bankA)
    try expect(chain, release("r"), by: notary, .authorityMissing)
    let outcomes = try chain.execute([
      chain.transaction([release("r")], by: bankB), chain.transaction([release("r")], by: bankA),
    ]).outcomes
    #expect(outcomes.map(\.code) == [.authorityMissing, .applied])
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
  }

  @Test("Who is the arbiter of its own hold may do what the arbiter may, and a suspended arbiter nothing")
  func arbiters() throws {
    let chain = try OperationOutcomeTests.prepared()
    let till = "shop/till"
    for arbiter in ["bank-a", "shop"] {
      try chain.prepare([chain.place("bank-a", till, 100, "r", arbiter: arbiter)], by: TestChain.bankA)
      #expect(
        try chain.run([TestChain.capture("bank-a", till, 60, "r")], by: TestChain.bankA).code
          == (arbiter == "bank-a" ? .applied : .authorityMissing))
      try expect(chain, TestChain.release("bank-a", till, "r"), by: TestChain.shop, .applied)
    }
    try chain.prepare([chain.place("bank-a", till, 100, "r", arbiter: "notary")], by: TestChain.bankA)
    let capture = try chain.transaction([TestChain.capture("bank-a", till, 60, "r")], by: TestChain.notary)
    let outcomes = try chain.execute([chain.transaction([suspend("notary")], by: admins), capture]).outcomes
    #expect(outcomes.map(\.code) == [.applied, .authorityMissing])
  }

  @Test("An expired hold returns at the end of the first block of its expiry or later, also to a frozen payer")
  func returning() throws {
    let chain = try OperationOutcomeTests.prepared()
    let key = TestChain.hold("bank-a", "r")
    try chain.prepare([chain.place("bank-a", "shop/till", 100, "r", in: 2500)], by: TestChain.bankA)
    try chain.prepare([freeze, suspend("bank-a"), suspend("shop")], by: admins)
    try chain.execute([], after: 499)
    #expect(chain.held("bank-a", "r") == Amount(100))
    let open = chain.state.prove(key)
    let entry = chain.state.entry(key)
    #expect(try open.verify(root: chain.state.tip.stateRoot, hash: &chain.hash) == entry)
    try chain.execute([], after: 1)
    #expect(chain.hold("bank-a", "r") == nil)
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
    let ended = chain.state.prove(key)
    #expect(try ended.verify(root: chain.state.tip.stateRoot, hash: &chain.hash) == nil)
    #expect(chain.state.supplyDifference() == nil)
    chain.revert()
    #expect(chain.held("bank-a", "r") == Amount(100))
    let again = chain.state.prove(key)
    #expect(again == open)
  }

  @Test("A hold's number counts the operations of its block before it, applied or not")
  func numbers() throws {
    let chain = try OperationOutcomeTests.prepared()
    let bankA = TestChain.bankA
    let (pays, cannot) = (
      TestChain.transfer("eur", "bank-a", "shop", 1), TestChain.transfer("eur", "bank-a", "shop", 9999)
    )
    let outcomes = try chain.execute([
      chain.transaction([cannot, pays], by: bankA),
      chain.transaction([chain.place("bank-a", "shop", 1, "a"), chain.place("bank-a", "shop", 1, "b")], by: bankA),
      chain.transaction([pays, chain.place("bank-a", "shop", 1, "c"), cannot], by: bankA),
      chain.transaction([pays, chain.place("bank-a", "shop", 1, "d")], by: bankA),
    ]).outcomes
    #expect(
      outcomes == [
        TransactionOutcome(code: .assetInsufficientFunds, operation: 0), .applied,
        TransactionOutcome(code: .assetInsufficientFunds, operation: 2), .applied,
      ])
    let height = chain.state.tip.height
    #expect(chain.hold("bank-a", "a")?.placed == HoldNumber(height: height, operation: 2))
    #expect(chain.hold("bank-a", "b")?.placed == HoldNumber(height: height, operation: 3))
    #expect(chain.hold("bank-a", "c") == nil)
    #expect(chain.hold("bank-a", "d")?.placed == HoldNumber(height: height, operation: 8))
    try chain.prepare([chain.place("bank-a", "shop", 1, "c")], by: bankA)
    #expect(chain.hold("bank-a", "c")?.placed == HoldNumber(height: chain.state.tip.height, operation: 0))
  }

  @Test("Admission names what is missing for a hold that is open, and leaves the others to their block")
  func admission() throws {
    let chain = try Self.prepared()
    func fault(_ operations: [Operation], _ signers: [TestChain.Signer]) throws -> AdmissionFault? {
      chain.state.admissionFault(try chain.transaction(operations, by: signers), now: chain.state.tip.timestamp)
    }
    let (capture, release) = (
      TestChain.capture("bank-a", "shop/till", 1, "r"), TestChain.release("bank-a", "shop/till", "r")
    )
    let missing = AdmissionFault.missingAuthority(operation: 0, .authorityMissing)
    #expect(try fault([chain.place("bank-a", "shop", 1, "s")], TestChain.bankA) == nil)
    #expect(try fault([chain.place("bank-a", "shop", 1, "s")], TestChain.bankB) == missing)
    #expect(
      try fault([chain.place("nobody", "shop", 1, "s")], TestChain.bankB)
        == .noSuchMember(operation: 0, TestChain.name("nobody")))
    for signers in [TestChain.shop, TestChain.notary] { #expect(try fault([capture], signers) == nil) }
    for signers in [TestChain.bankA, TestChain.bankB] { #expect(try fault([capture], signers) == missing) }
    // The hold may have expired by then.
    for signers in [TestChain.shop, TestChain.notary, TestChain.bankA] { #expect(try fault([release], signers) == nil) }
    #expect(try fault([release], TestChain.bankB) == missing)
    #expect(try fault([TestChain.capture("bank-a", "shop/till", 1, "s")], TestChain.bankB) == nil)
    #expect(try fault([TestChain.release("bank-a", "shop/till", "s")], TestChain.bankB) == nil)
  }
}

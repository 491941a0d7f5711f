import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// Caps, freezes and new issuers of assets, with the order of the checks.
@Testing.Suite("Terms of assets")
struct AssetTermsTests {
  private let eur = TestChain.name("eur")
  private let key = StateKey.assetTerms(TestChain.name("eur"))

  private func cap(_ amount: UInt128, of asset: String = "eur") -> Operation {
    .assetCap(asset: TestChain.name(asset), cap: Amount(amount))
  }

  private func handOver(_ asset: String, _ to: String) -> Operation {
    .assetHandOver(asset: TestChain.name(asset), to: TestChain.name(to))
  }

  private func suspend(_ member: String) -> Operation { .memberSuspend(name: TestChain.name(member), reason: "") }

  private func terms(_ chain: TestChain) -> AssetTerms? {
    guard case .assetTerms(let asset, let terms) = chain.state.entry(key), asset == eur else { return nil }
    return terms
  }

  @Test("M5: a cap is set by the issuer, can only be lowered and never below the supply, and limits what is issued")
  func cap() throws {
    let chain = try OperationOutcomeTests.prepared()
    #expect(chain.state.entry(key) == nil)
    try OperationOutcomeTests.expect(chain, cap(5, of: "usd"), by: TestChain.bankA, .assetUnknown)
    try OperationOutcomeTests.expect(chain, cap(5000), by: TestChain.bankB, .authorityMissing)
    try OperationOutcomeTests.expect(chain, cap(5000), by: TestChain.admins, .authorityMissing)
    try OperationOutcomeTests.expect(chain, cap(999), by: TestChain.bankA, .assetCapBelowSupply)
    try OperationOutcomeTests.expect(chain, cap(1500), by: TestChain.bankA, .applied)
    #expect(terms(chain) == AssetTerms(cap: Amount(1500)))
    try OperationOutcomeTests.expect(chain, cap(999), by: TestChain.bankA, .assetCapBelowSupply)
    for amount in [1500, 1501] as [UInt128] {
      try OperationOutcomeTests.expect(chain, cap(amount), by: TestChain.bankA, .assetCapNotLower)
    }
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 501), by: TestChain.bankA, .assetCapExceeded)
    // The cap comes before the largest possible supply.
    try OperationOutcomeTests.expect(
      chain, TestChain.issue("eur", "shop", .max), by: TestChain.bankA, .assetCapExceeded)
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 500), by: TestChain.bankA, .applied)
    #expect(chain.supply("eur") == Amount(1500))
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 1), by: TestChain.bankA, .assetCapExceeded)
    // The cap counts what exists, not what ever existed.
    try OperationOutcomeTests.expect(
      chain, TestChain.retire("eur", "shop", 300), by: TestChain.bankA + TestChain.shop, .applied)
    try OperationOutcomeTests.expect(chain, cap(1200), by: TestChain.bankA, .applied)
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 1), by: TestChain.bankA, .assetCapExceeded)
    #expect(terms(chain) == AssetTerms(cap: Amount(1200)))
    try chain.prepare([TestChain.update("bank-a", .participant, TestChain.realKeys(1))], by: TestChain.admins)
    let held = try #require(chain.state.memberKeys("bank-a").first)
    #expect(try chain.run([cap(1199)], by: [], keys: [("bank-a", held)]).code == .roleMissing)
    // A suspended issuer cannot even sign; its asset can be capped by nobody.
    try chain.prepare([suspend("bank-a")], by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, cap(1), by: TestChain.bankB, .memberSuspended)
  }

  @Test("M5: a frozen asset stays where it is, except that holds are released and expire; only administrators freeze")
  func frozen() throws {
    let chain = try OperationOutcomeTests.prepared()
    let (freeze, unfreeze) = (Operation.assetFreeze(asset: eur), Operation.assetUnfreeze(asset: eur))
    try chain.prepare(
      [
        TestChain.transfer("eur", "bank-a", "shop", 100), chain.place("bank-a", "shop", 10, "kept"),
        chain.place("bank-a", "shop", 20, "short", in: 20_000),
        chain.place("bank-a", "shop", 30, "judged", arbiter: "notary"),
      ], by: TestChain.bankA)
    try OperationOutcomeTests.expect(chain, freeze, by: TestChain.bankA, .administratorsMissing)
    try OperationOutcomeTests.expect(chain, unfreeze, by: TestChain.bankA, .administratorsMissing)
    let unknown = TestChain.name("usd")
    try OperationOutcomeTests.expect(chain, .assetFreeze(asset: unknown), by: TestChain.admins, .assetUnknown)
    try OperationOutcomeTests.expect(chain, .assetUnfreeze(asset: unknown), by: TestChain.admins, .assetUnknown)
    try OperationOutcomeTests.expect(chain, unfreeze, by: TestChain.admins, .assetNotFrozen)
    try OperationOutcomeTests.expect(chain, freeze, by: TestChain.admins, .applied)
    #expect(terms(chain) == AssetTerms(isFrozen: true))
    try OperationOutcomeTests.expect(chain, freeze, by: TestChain.admins, .assetFrozen)
    let both = TestChain.bankA + TestChain.shop
    let refused: [(Operation, [TestChain.Signer])] = [
      (TestChain.issue("eur", "shop", 1), TestChain.bankA), (TestChain.retire("eur", "shop", 1), both),
      (TestChain.transfer("eur", "bank-a", "shop", 1), TestChain.bankA),
      (chain.place("bank-a", "shop", 1, "new"), TestChain.bankA),
      (TestChain.capture("bank-a", "shop", 1, "kept"), TestChain.shop),
      (TestChain.capture("bank-a", "shop", 1, "judged"), TestChain.notary),
    ]
    for (operation, signers) in refused {
      try OperationOutcomeTests.expect(chain, operation, by: signers, .assetFrozen)
    }
    // What is missing is found first, and a frozen account later.
    try chain.prepare([.accountFreeze(account: TestChain.account("bank-a"))], by: TestChain.admins)
    for (operation, signers) in refused {
      try OperationOutcomeTests.expect(chain, operation, by: signers, .assetFrozen)
      try OperationOutcomeTests.expect(chain, operation, by: TestChain.bankB, .authorityMissing)
    }
    try chain.prepare([.accountUnfreeze(account: TestChain.account("bank-a"))], by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, TestChain.release("bank-a", "shop", "kept"), by: TestChain.shop, .applied)
    try chain.execute([], after: 60_000)
    #expect(chain.held("bank-a", "short") == .zero && chain.amount("eur", "bank-a") == Amount(870))
    // The cap and the issuer are not about units.
    try OperationOutcomeTests.expect(chain, cap(2000), by: TestChain.bankA, .applied)
    #expect(terms(chain) == AssetTerms(cap: Amount(2000), isFrozen: true))
    try OperationOutcomeTests.expect(chain, handOver("eur", "bank-b"), by: TestChain.bankA + TestChain.bankB, .applied)
    try OperationOutcomeTests.expect(chain, unfreeze, by: TestChain.admins, .applied)
    try OperationOutcomeTests.expect(
      chain, TestChain.transfer("eur", "bank-a", "shop", 1), by: TestChain.bankA, .applied)
    #expect(terms(chain) == AssetTerms(cap: Amount(2000)))
    #expect(chain.state.supplyDifference() == nil)
  }

  @Test("M5: an asset changes hands if both issuers sign and the new one has the role; the present one needs none")
  func handOver() throws {
    let chain = try OperationOutcomeTests.prepared()
    let both = TestChain.bankA + TestChain.bankB
    try OperationOutcomeTests.expect(chain, handOver("usd", "bank-b"), by: both, .assetUnknown)
    try OperationOutcomeTests.expect(chain, handOver("eur", "nobody"), by: both, .memberUnknown)
    try OperationOutcomeTests.expect(chain, handOver("eur", "bank-b"), by: TestChain.bankA, .authorityMissing)
    try OperationOutcomeTests.expect(chain, handOver("eur", "bank-b"), by: TestChain.bankB, .authorityMissing)
    try OperationOutcomeTests.expect(
      chain, handOver("eur", "shop"), by: TestChain.bankA + TestChain.shop, .roleMissing)
    try OperationOutcomeTests.expect(chain, handOver("eur", "bank-a"), by: TestChain.bankA, .assetSameIssuer)
    try chain.prepare([suspend("bank-b")], by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, handOver("eur", "bank-b"), by: TestChain.bankA, .memberSuspended)
    try chain.prepare([.memberRestore(name: TestChain.name("bank-b"))], by: TestChain.admins)
    // Within the transaction, the new issuer can issue and the old one no longer.
    let late = try chain.run([handOver("eur", "bank-b"), TestChain.issue("eur", "shop", 5)], by: both)
    #expect(late == .applied)
    guard case .asset(let asset) = chain.state.entry(.asset(eur)) else {
      Issue.record("no asset")
      return
    }
    #expect(asset.issuer == TestChain.name("bank-b") && asset.supply == Amount(1005))
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 5), by: TestChain.bankA, .authorityMissing)
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 5), by: TestChain.bankB, .applied)
    // An issuer that has lost the role can still pass its assets on, and one that never had it cannot get them.
    let keys = try TestChain.realKeys(1)
    try chain.prepare([TestChain.update("bank-b", [], keys)], by: TestChain.admins)
    let back = handOver("eur", "bank-a")
    let outcome = try chain.run([back], by: TestChain.bankA, keys: [("bank-b", keys[0])])
    #expect(outcome == .applied)
    try OperationOutcomeTests.expect(chain, TestChain.issue("eur", "shop", 5), by: TestChain.bankA, .applied)
  }

  @Test("Admission asks for both issuers, and after a hand-over in the transaction for neither")
  func admission() throws {
    let chain = try OperationOutcomeTests.prepared()
    let now = chain.state.tip.timestamp
    func fault(_ operations: [Operation], by signers: [TestChain.Signer]) throws -> AdmissionFault? {
      chain.state.admissionFault(try chain.transaction(operations, by: signers), now: now)
    }
    let missing = AdmissionFault.missingAuthority(operation: 0, .authorityMissing)
    #expect(try fault([handOver("eur", "bank-b")], by: TestChain.bankA) == missing)
    #expect(try fault([handOver("eur", "bank-b")], by: TestChain.bankB) == missing)
    #expect(
      try fault([handOver("eur", "nobody")], by: TestChain.bankA)
        == .noSuchMember(operation: 0, TestChain.name("nobody")))
    let both = TestChain.bankA + TestChain.bankB
    #expect(try fault([handOver("eur", "bank-b")], by: both) == nil)
    #expect(try fault([handOver("eur", "bank-b"), TestChain.issue("eur", "shop", 1)], by: both) == nil)
    let preview = chain.state.preview(
      try chain.draft([handOver("eur", "bank-b"), TestChain.issue("eur", "shop", 1)]), now: now)
    #expect(preview.outcome == .applied)
    let names = preview.required.map { required in
      required.parties.map { party in
        guard case .member(let member) = party else { return "administrators" }
        return "\(member.name)"
      }
    }
    #expect(names == [["bank-a"], ["bank-b"]] && preview.required.map(\.operations) == [[0], [0, 1]])
  }

  @Test("The entry of the terms comes and goes with them, is reverted, proved, shown and restored from a snapshot")
  func entry() throws {
    let chain = try OperationOutcomeTests.prepared()
    let (freeze, unfreeze) = (Operation.assetFreeze(asset: eur), Operation.assetUnfreeze(asset: eur))
    let before = chain.state.tip.stateRoot
    try chain.prepare([freeze], by: TestChain.admins)
    try chain.prepare([cap(3000)], by: TestChain.bankA)
    chain.revert()
    #expect(terms(chain) == AssetTerms(isFrozen: true))
    chain.revert()
    #expect(chain.state.tip.stateRoot == before && chain.state.entry(key) == nil)
    // Terms that come and go within a block leave nothing.
    try chain.prepare([freeze, unfreeze], by: TestChain.admins)
    #expect(chain.state.entry(key) == nil)
    func expectProof(_ location: SourceLocation = #_sourceLocation) throws {
      let proof = chain.state.prove(key)
      let shown = try proof.verify(root: chain.state.tip.stateRoot, hash: &chain.hash)
      #expect(shown == chain.state.entry(key), sourceLocation: location)
    }
    try expectProof()
    // An asset that is defined, capped and frozen in one block.
    try chain.execute([
      chain.transaction(
        [TestChain.define("gold", by: "bank-b"), cap(7, of: "gold")], by: TestChain.bankB),
      chain.transaction([.assetFreeze(asset: TestChain.name("gold")), freeze], by: TestChain.admins),
    ])
    try expectProof()
    #expect(terms(chain) == AssetTerms(isFrozen: true))
    chain.revert()
    #expect(chain.state.entry(.assetTerms(TestChain.name("gold"))) == nil)
    try chain.execute([
      chain.transaction([TestChain.define("gold", by: "bank-b"), cap(7, of: "gold")], by: TestChain.bankB),
      chain.transaction([freeze], by: TestChain.admins), chain.transaction([cap(4000)], by: TestChain.bankA),
    ])
    let execution = try chain.execute([])
    chain.state.settle(upTo: chain.state.tip.height)
    let view = LedgerView(of: chain.state)
    let shown = ["eur", "gold", "usd"].map { view.terms(ofAsset: TestChain.name($0)) }
    #expect(shown == [AssetTerms(cap: Amount(4000), isFrozen: true), AssetTerms(cap: Amount(7)), nil])
    #expect(chain.state.settledTerms(ofAsset: eur) == shown[0])
    // What happens while the state is copied is not in the copy.
    chain.state.pin()
    let proof = chain.state.proof(try #require(chain.blocks.last), execution.result)
    try chain.prepare([unfreeze], by: TestChain.admins)
    let made = try MadeSnapshot(chain.state.copyAll(rows: 5), proof: proof)
    var loaded = try made.load(TestChain.genesis())
    let (root, entry) = (loaded.tip.stateRoot, loaded.entry(key))
    #expect(root == execution.result.stateRoot)
    #expect(entry == .assetTerms(eur, AssetTerms(cap: Amount(4000), isFrozen: true)))
    let followed = try loaded.execute(try #require(chain.blocks.last))
    #expect(followed.resultDigest == chain.state.tip.result)
  }

  @Test("Malformed terms are refused: a cap of zero, another flag, and an entry that limits nothing")
  func malformed() throws {
    let zero = CodecError.invalid(field: "cap (must not be zero)")
    #expect(throws: zero) { try OperationTests.decode(OperationTests.encode(cap(0))) }
    func decode(_ bytes: [UInt8]) throws(CodecError) -> StateEntry {
      try Reader.whole(bytes) { (reader) throws(CodecError) in try StateEntry(key: key, from: &reader) }
    }
    let one = [1] + [UInt8](repeating: 0, count: 15)
    #expect(try decode([1] + one + [0]) == .assetTerms(eur, AssetTerms(cap: Amount(1))))
    #expect(try decode([0, 1]) == .assetTerms(eur, AssetTerms(isFrozen: true)))
    #expect(try decode([1] + one + [1]) == .assetTerms(eur, AssetTerms(cap: Amount(1), isFrozen: true)))
    #expect(throws: CodecError.invalid(field: "terms of an asset (must have a cap or a freeze)")) {
      try decode([0, 0])
    }
    #expect(throws: zero) { try decode([1] + [UInt8](repeating: 0, count: 16) + [1]) }
    #expect(throws: CodecError.unknown(field: "cap flag", value: 2)) { try decode([2, 1]) }
    #expect(throws: CodecError.unknown(field: "frozen flag", value: 2)) { try decode([0, 2]) }
  }
}

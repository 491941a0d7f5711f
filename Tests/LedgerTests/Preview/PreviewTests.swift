import Primitives
import TestHarness
import Testing

@testable import Ledger

@Testing.Suite("Trying a transaction without effect")
struct PreviewTests {
  private func preview(_ chain: TestChain, _ draft: TransactionDraft) -> TransactionPreview {
    chain.state.preview(draft, now: chain.state.tip.timestamp)
  }

  /// Who must sign, in words: each group with its operations.
  private func required(_ preview: TransactionPreview) -> [String] {
    preview.required.map { required in
      let parties = required.parties.map { party in
        switch party {
        case .member(let member):
          "\(member.name) \(member.signed)/\(member.threshold.map(String.init) ?? "none")"
            + (member.isSuspended ? " suspended" : "")
        case .administrators(let acting, let threshold, let signers):
          "administrators \(acting)/\(threshold)"
            + (signers.isEmpty ? "" : " [" + signers.map { "\($0.name) \($0.signed)" }.joined(separator: ", ") + "]")
        }
      }
      return "\(required.operations): \(parties.joined(separator: " or "))" + (required.areThere ? "" : " missing")
    }
  }

  @Test("It says who must sign for which operations and who has, from the unsigned draft to the last signature")
  func signing() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare(
      [TestChain.define("gold", by: "bank-b"), TestChain.issue("gold", "bank-b", 5)], by: TestChain.bankB)
    var draft = try chain.draft([
      TestChain.transfer("eur", "bank-a", "shop", 300), TestChain.transfer("gold", "bank-b", "bank-a", 5),
      TestChain.open("shop/new"), TestChain.transfer("eur", "bank-a", "shop/new", 1),
    ])
    var preview = preview(chain, draft)
    #expect(
      required(preview) == ["[0, 3]: bank-a 0/1 missing", "[1]: bank-b 0/1 missing", "[2]: shop 0/2 missing"])
    #expect(preview.fault == .missingAuthority(operation: 0, .authorityMissing))
    #expect(preview.outcome == .applied)
    #expect(preview.point == chain.state.tip)
    draft.add(Samples.signature("bank-a", 1))
    draft.add(Samples.signature("shop", 13))
    preview = self.preview(chain, draft)
    #expect(required(preview) == ["[0, 3]: bank-a 1/1", "[1]: bank-b 0/1 missing", "[2]: shop 1/2 missing"])
    #expect(preview.fault == .missingAuthority(operation: 1, .authorityMissing))
    draft.add(Samples.signature("bank-b", 2))
    draft.add(Samples.signature("shop", 11))
    preview = self.preview(chain, draft)
    #expect(required(preview) == ["[0, 3]: bank-a 1/1", "[1]: bank-b 1/1", "[2]: shop 2/2"])
    #expect(preview.fault == nil)
    #expect(preview.outcome == .applied)
    #expect(preview.signatureFaults == [nil, nil, nil, nil])
  }

  @Test("Of the administrators it counts those that act, and names those that have begun to sign")
  func administrators() throws {
    let chain = try OperationOutcomeTests.prepared()
    var draft = try chain.draft([.accountFreeze(account: TestChain.account("shop"))])
    #expect(required(preview(chain, draft)) == ["[0]: administrators 0/2 missing"])
    draft.add(Samples.signature("admin-3", 103))
    draft.add(Samples.signature("bank-a", 1))
    #expect(required(preview(chain, draft)) == ["[0]: administrators 0/2 [admin-3 1] missing"])
    draft.add(Samples.signature("admin-1", 101))
    #expect(preview(chain, draft).fault == .missingAuthority(operation: 0, .administratorsMissing))
    draft.add(Samples.signature("admin-3", 104))
    let preview = preview(chain, draft)
    #expect(required(preview) == ["[0]: administrators 2/2 [admin-1 1, admin-3 2]"])
    #expect(preview.fault == nil && preview.outcome == .applied)
  }

  @Test("For units that leave the chain the issuer and the owner must sign; what does not exist needs nobody")
  func groups() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([TestChain.transfer("eur", "bank-a", "shop", 10)], by: TestChain.bankA)
    let retire = try chain.draft([TestChain.retire("eur", "shop", 7), TestChain.retire("eur", "bank-a", 7)])
    #expect(required(preview(chain, retire)) == ["[0, 1]: bank-a 0/1 missing", "[0]: shop 0/2 missing"])
    let unknown = preview(chain, try chain.draft([TestChain.issue("none", "shop", 1), TestChain.open("nobody/x")]))
    #expect(required(unknown) == ["[1]: nobody 0/none missing"])
    #expect(unknown.outcome == TransactionOutcome(code: .assetUnknown, operation: 0))
    #expect(unknown.fault == .noSuchMember(operation: 1, TestChain.name("nobody")))
    // What an earlier operation creates is known to the later ones.
    let own = preview(chain, try chain.draft([TestChain.define("x", by: "bank-b"), TestChain.issue("x", "shop", 1)]))
    #expect(required(own) == ["[0, 1]: bank-b 0/1 missing"])
    #expect(own.outcome == .applied)
  }

  @Test("A vote key is changed by the administrators or by the member: whoever has begun to sign is taken to go on")
  func alternatives() throws {
    let (chain, keys) = try TestChain.withValidators()
    let node = TestChain.name("node2")
    try chain.prepare([chain.update("node2", keys[3])], by: TestChain.bankA)
    var draft = try chain.draft([chain.update("node2", keys[4])])
    #expect(required(preview(chain, draft)) == ["[0]: administrators 0/2 or bank-a 0/1 missing"])
    // The member alone must wait; the administrators need not.
    #expect(preview(chain, draft).outcome == .applied)
    draft.add(Samples.signature("bank-a", 1))
    #expect(required(preview(chain, draft)) == ["[0]: administrators 0/2 or bank-a 1/1"])
    #expect(preview(chain, draft).outcome.code == .validatorKeyChangedRecently)
    draft.keepSignatures { _ in false }
    draft.add(Samples.signature("admin-1", 101))
    #expect(required(preview(chain, draft)) == ["[0]: administrators 1/2 [admin-1 1] or bank-a 0/1 missing"])
    #expect(preview(chain, draft).outcome == .applied)
    #expect(chain.state.index(ofValidator: node) != nil)
  }

  @Test("The outcome is that of the state as it is now: a payment fails, and once it has cover it does not")
  func outcome() throws {
    let chain = try OperationOutcomeTests.prepared()
    let draft = try chain.draft([TestChain.open("shop/x"), TestChain.transfer("eur", "bank-a", "shop/x", 1500)])
    #expect(preview(chain, draft).outcome == TransactionOutcome(code: .assetInsufficientFunds, operation: 1))
    try chain.prepare([TestChain.issue("eur", "bank-a", 500)], by: TestChain.bankA)
    #expect(preview(chain, draft).outcome == .applied)
    // Blocks that are not final count as well, and no longer when they are given up.
    chain.revert()
    #expect(preview(chain, draft).outcome.code == .assetInsufficientFunds)
  }

  @Test("A key that was replaced does not count, and is named; so are strangers and suspended members")
  func foreign() throws {
    let chain = try OperationOutcomeTests.prepared()
    let key = try TestChain.realKeys(1)[0]
    var draft = try chain.draft([TestChain.transfer("eur", "bank-a", "shop", 1)], by: TestChain.bankA)
    #expect(preview(chain, draft).fault == nil)
    try chain.prepare(
      [
        TestChain.update("bank-a", [.issuer, .participant], [key]),
        .memberSuspend(name: TestChain.name("guest"), reason: "x"),
      ], by: TestChain.admins)
    let stale = AdmissionFault.foreignKey(TestChain.name("bank-a"), Samples.key(1))
    #expect(preview(chain, draft).fault == stale)
    draft.add(Samples.signature("guest", 31))
    draft.add(Samples.signature("nobody", 1))
    let preview = preview(chain, draft)
    #expect(
      preview.signatureFaults == [
        stale, .suspendedMember(TestChain.name("guest")), .unknownMember(TestChain.name("nobody")),
      ])
    #expect(required(preview) == ["[0]: bank-a 0/1 missing"])
    #expect(preview.outcome == .applied)
  }

  @Test("Nobody can sign with a key, or as a member, that the transaction itself would bring")
  func ownChanges() throws {
    let chain = try OperationOutcomeTests.prepared()
    let fresh = try TestChain.realKeys(3)
    let keys = Array(fresh.prefix(2))
    let transfer = TestChain.transfer("eur", "bank-a", "shop", 1)
    let rotated = preview(
      chain, try chain.draft([TestChain.update("bank-a", [.issuer, .participant], [keys[0]]), transfer]))
    #expect(required(rotated) == ["[0]: administrators 0/2 missing", "[1]: bank-a 0/1 missing"])
    #expect(rotated.outcome == TransactionOutcome(code: .authorityMissing, operation: 1))
    // With a key that is one of the old and of the new ones, the member can sign for both.
    try chain.prepare([TestChain.update("bank-a", [.issuer, .participant], [keys[0]])], by: TestChain.admins)
    let widened = TestChain.update("bank-a", [.issuer, .participant], keys)
    #expect(preview(chain, try chain.draft([widened, transfer])).outcome == .applied)
    let raised = TestChain.update("bank-a", [.issuer, .participant], keys, 2)
    #expect(
      preview(chain, try chain.draft([raised, transfer])).outcome
        == TransactionOutcome(code: .authorityMissing, operation: 1))
    let added = Operation.memberAdd(
      name: TestChain.name("new"), description: "",
      authority: MemberAuthority(roles: .participant, keys: [fresh[2]], threshold: 1))
    let admitted = preview(chain, try chain.draft([added, TestChain.open("new/x")]))
    #expect(required(admitted) == ["[0]: administrators 0/2 missing", "[1]: new 0/1 missing"])
    #expect(admitted.outcome == TransactionOutcome(code: .authorityMissing, operation: 1))
    // A member that is restored in the transaction cannot sign it either.
    try chain.prepare([.memberSuspend(name: TestChain.name("bank-a"), reason: "x")], by: TestChain.admins)
    let restored = preview(
      chain, try chain.draft([.memberRestore(name: TestChain.name("bank-a")), transfer], by: TestChain.admins))
    #expect(restored.outcome == TransactionOutcome(code: .authorityMissing, operation: 1))
    #expect(required(preview(chain, try chain.draft([transfer]))) == ["[0]: bank-a 0/1 suspended missing"])
  }

  @Test("No more members are taken to have signed than a transaction can have signatures")
  func manySigners() throws {
    let chain = TestChain()
    let keys = try TestChain.realKeys(65)
    let names = keys.indices.map { "m\($0)" }
    try chain.prepare(
      zip(names, keys).map { name, key in
        .memberAdd(
          name: TestChain.name(name), description: "",
          authority: MemberAuthority(roles: .participant, keys: [key], threshold: 1))
      }, by: TestChain.admins)
    let opens = names.map { TestChain.open("\($0)/x") }
    #expect(preview(chain, try chain.draft(Array(opens.prefix(64)))).outcome == .applied)
    #expect(
      preview(chain, try chain.draft(opens)).outcome == TransactionOutcome(code: .authorityMissing, operation: 64))
  }

  @Test("The operations that change who may act are counted with the keys that they name, since they cost most")
  func cost() throws {
    let chain = TestChain()
    let keys = try TestChain.realKeys(3)
    let draft = try chain.draft([
      TestChain.open("shop/x"), TestChain.update("guest", [], keys), .parameterSet(.administratorThreshold, to: 1),
      .memberAdd(
        name: TestChain.name("new"), description: "",
        authority: MemberAuthority(roles: [], keys: [keys[0]], threshold: 1)),
    ])
    #expect(draft.authorityChanges == 4 + 1 + 2)
    #expect(try chain.draft([TestChain.open("shop/x")]).authorityChanges == 0)
  }

  @Test("Time and repetition are reasons for a refusal as in admission, and the time is that of the next block")
  func refusals() throws {
    let chain = try OperationOutcomeTests.prepared()
    let tip = chain.state.tip.timestamp
    let operation = TestChain.open("shop/y")
    let expired = try chain.draft([operation], by: TestChain.shop, validUntil: tip)
    let next = tip.advanced(byMilliseconds: 1)
    #expect(preview(chain, expired).fault == .expired(validUntil: tip, time: next))
    #expect(preview(chain, expired).time == next)
    #expect(preview(chain, expired).outcome == .applied)
    let late = try chain.draft([operation], by: TestChain.shop, validUntil: tip.advanced(byMilliseconds: 90_000_000))
    guard case .tooFarAhead = preview(chain, late).fault else {
      Issue.record("a transaction that is valid for 25 hours is not refused")
      return
    }
    let later = tip.advanced(byMilliseconds: 5000)
    #expect(chain.state.preview(late, now: later).time == later)
    let known = try chain.draft([operation], by: TestChain.shop)
    try chain.execute([try known.assemble(hash: &chain.hash)])
    #expect(preview(chain, known).fault == .alreadyApplied(known.id))
  }
}

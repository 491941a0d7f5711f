import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Submitted and offered transactions")
struct SubmissionTests {
  /// The same transaction with a last signature that does not hold.
  private func isBadSignature(_ answer: Result<Acceptance, SubmissionRefusal>?) -> Bool {
    guard case .failure(.badSignature) = answer else { return false }
    return true
  }

  @Test("a valid one is accepted once, passed on once, and answered with its id each time")
  func taken() throws {
    let harness = try ReplicaHarness()
    let transaction = try harness.transaction()
    #expect(try harness.submit(transaction)?.get().id == transaction.id)
    #expect(try harness.submit(transaction)?.get().id == transaction.id)
    #expect(harness.replica.status.poolTransactions == 1)
    #expect(harness.sent.count { $0.message == .transactions([transaction.bytes]) } == 1)
  }

  @Test("N3: a transaction that cannot be admitted costs no signature check and is refused with a reason")
  func refusals() throws {
    let harness = try ReplicaHarness()
    harness.areWorkersPrompt = false
    let expired = try harness.transaction(validFor: 0)
    harness.now.wall = harness.now.wall.advanced(byMilliseconds: 1)
    let foreign = try harness.transaction(key: harness.ring.makeKey())
    for (transaction, code) in [(expired, "admission.expired"), (foreign, "admission.foreign-key")] {
      guard case .failure(let refusal) = harness.submit(transaction) else {
        Issue.record("\(code) was taken")
        continue
      }
      #expect(refusal.code == code)
      #expect(!refusal.nextStep.isEmpty)
    }
    #expect(harness.requests.isEmpty)
    #expect(harness.replica.status.poolTransactions == 0)
  }

  @Test("a bad signature is refused, and does not affect the valid form that is checked at the same time")
  func badSignatureBeside() throws {
    let harness = try ReplicaHarness()
    harness.areWorkersPrompt = false
    let sound = try harness.transaction()
    let bad = try harness.spoiled(sound)
    #expect(bad.id == sound.id)
    // First a peer offers the spoiled form, and while it is checked a client submits the sound one.
    harness.receive(.transactions([bad.bytes]), from: 2)
    harness.submit(sound)
    harness.submit(bad)
    #expect(harness.requests.count == 2, "equal bytes share a check, others do not")
    while let request = harness.requests.first { harness.verify(request) }
    #expect(harness.answers.count == 2)
    #expect(try harness.answers.first { $0.token.number == 1 }?.answer.get() == Acceptance(id: sound.id))
    #expect(isBadSignature(harness.answers.first { $0.token.number == 2 }?.answer))
    #expect(harness.blame == ["transaction.bad-signature"])
    #expect(harness.replica.pending(sound.id) == sound)
    #expect(harness.replica.context.tickets.count == 0)
  }

  @Test("several clients with the same bytes share one check and all get an answer")
  func shared() throws {
    let harness = try ReplicaHarness()
    harness.areWorkersPrompt = false
    let transaction = try harness.transaction()
    for _ in 0..<5 { harness.submit(transaction) }
    #expect(harness.requests.count == 1)
    harness.verify(try #require(harness.requests.first))
    #expect(harness.answers.count == 5)
    #expect(harness.replica.status.poolTransactions == 1)
  }

  @Test("one in a block that is not final yet is accepted, and waits again when that block is given up")
  func inUnfinalBlock() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let transaction = try harness.transaction()
    let block = harness.block([transaction])
    try harness.propose(block, view: 1)
    harness.receive(
      .certificate(try harness.certificate(.notarize(harness.proposal(block, view: 1)), by: [1, 2, 3])), from: 1)
    #expect(try harness.submit(transaction)?.get().id == transaction.id)
    #expect(harness.replica.status.poolTransactions == 1)
    #expect(harness.replica.status.waitingTransactions == 0)
    // View 1 is nullified elsewhere, and the next leader builds on genesis.
    harness.receive(.certificate(try harness.certificate(harness.nullify(1), by: [1, 2, 3])), from: 1)
    try harness.propose(harness.block([try harness.transaction()]), view: 2, parent: 0)
    #expect(harness.replica.status.waitingTransactions == 1)
  }

  @Test("offers that are malformed are blamed, inadmissible ones are dropped without blame")
  func offers() throws {
    let harness = try ReplicaHarness()
    let expired = try harness.transaction(validFor: 0)
    harness.now.wall = harness.now.wall.advanced(byMilliseconds: 1)
    harness.receive(.transactions([expired.bytes]), from: 1)
    #expect(harness.blame.isEmpty)
    harness.receive(.transactions([[1, 2, 3], try harness.transaction().bytes]), from: 1)
    #expect(harness.blame == ["transaction.malformed"])
    #expect(harness.replica.status.poolTransactions == 0)
    // An offered one is not passed on: whoever had it first did that.
    harness.receive(.transactions([try harness.transaction().bytes]), from: 1)
    #expect(harness.replica.status.poolTransactions == 1)
    #expect(!harness.sent.contains { if case .transactions = $0.message { true } else { false } })
  }

  @Test("transactions that wait long are offered again, and those that expire are dropped and reported")
  func offeredAgain() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let transaction = try harness.transaction(validFor: 3000)
    harness.submit(transaction)
    harness.forgetSent()
    harness.advance(milliseconds: 2100)
    #expect(harness.sent.contains { $0.message == .transactions([transaction.bytes]) })
    harness.advance(milliseconds: 2100)
    #expect(harness.replica.status.poolTransactions == 0)
    #expect(harness.notices.contains { if case .dropped([transaction.id]) = $0 { true } else { false } })
  }

  @Test("What a replaced key signed and is not final is dropped once the new key is final, and refused from then on")
  func rotatedKey() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let member = Population.banks[0]
    let old = try harness.transaction(from: 0)
    #expect(try harness.submit(old)?.get().id == old.id)
    let key = harness.ring.makeKey()
    let rotation = try harness.transaction(
      [.memberUpdate(name: member, authority: MemberAuthority(roles: [.participant], keys: [key], threshold: 1))],
      of: Population.administrator)
    let block = harness.block([rotation])
    let point = try harness.points([block])[0]
    try harness.propose(block, view: 1)
    // Until the rotation is final, the block may be given up, and the old key with it be the current one again.
    #expect(harness.replica.pending(old.id) == old)
    harness.receive(.certificate(try harness.finalization(block, point, view: 1)), from: 1)
    harness.run(milliseconds: 4500)
    #expect(harness.replica.status.poolTransactions == 0)
    #expect(harness.notices.contains { if case .dropped([old.id]) = $0 { true } else { false } })
    guard case .failure(.inadmissible(.foreignKey(member, let refused))) = harness.submit(old) else {
      Issue.record("the old key's transaction is taken again")
      return
    }
    #expect(refused == harness.population.memberKeys[member])
    // What the new key signs is accepted.
    #expect(try harness.submit(harness.transaction(from: 0, key: key))?.get() != nil)
  }

  @Test("C18: one that the final state rules out is removed at the next offer, even if this node never leads")
  func ruledOut() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let payer = Population.banks[0]
    let doomed = try harness.transaction(from: 0)
    harness.submit(doomed)
    // The next final block suspends its payer.
    var draft = try TransactionDraft(
      operations: [.memberSuspend(name: payer, reason: "")],
      validUntil: harness.now.wall.advanced(byMilliseconds: 1000),
      nonce: 1, chain: harness.population.chain, hash: &harness.hash)
    let key = try #require(harness.population.memberKeys[Population.administrator])
    draft.add(
      TransactionSignature(
        member: Population.administrator, key: key,
        signature: try #require(harness.ring.sign(draft.signedBytes, with: key))))
    let block = harness.block([try draft.assemble(hash: &harness.hash)])
    try harness.propose(block, view: 1)
    let proposal = harness.proposal(block, view: 1)
    let result = try harness.points([block])[0].result
    harness.receive(.certificate(try harness.certificate(.finalize(proposal, result: result), by: [1, 2, 3])), from: 1)
    #expect(harness.replica.status.poolTransactions == 1)
    harness.run(milliseconds: 4500)
    #expect(harness.replica.status.poolTransactions == 0)
    #expect(harness.notices.contains { if case .dropped([doomed.id]) = $0 { true } else { false } })
  }
}

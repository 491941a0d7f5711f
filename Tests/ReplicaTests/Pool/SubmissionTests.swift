import Ledger
import Primitives
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

  @Test("a sound one is taken once, passed on once, and answered with its id each time")
  func taken() throws {
    let bench = try Bench()
    let transaction = try bench.transaction()
    #expect(try bench.submit(transaction)?.get().id == transaction.id)
    #expect(try bench.submit(transaction)?.get().id == transaction.id)
    #expect(bench.replica.standing.poolTransactions == 1)
    #expect(bench.sent.count { $0.message == .transactions([transaction.bytes]) } == 1)
  }

  @Test("N3: what cannot be admitted costs no signature check and is refused with a reason")
  func refusals() throws {
    let bench = try Bench()
    bench.areWorkersPrompt = false
    let expired = try bench.transaction(validFor: 0)
    bench.now.wall = bench.now.wall.advanced(byMilliseconds: 1)
    let foreign = try bench.transaction(key: bench.ring.makeKey())
    for (transaction, code) in [(expired, "admission.expired"), (foreign, "admission.foreign-key")] {
      guard case .failure(let refusal) = bench.submit(transaction) else {
        Issue.record("\(code) was taken")
        continue
      }
      #expect(refusal.code == code)
      #expect(!refusal.nextStep.isEmpty)
    }
    #expect(bench.requests.isEmpty)
    #expect(bench.replica.standing.poolTransactions == 0)
  }

  @Test("a bad signature is refused, and does not harm the sound form that is checked at the same time")
  func badSignatureBeside() throws {
    let bench = try Bench()
    bench.areWorkersPrompt = false
    let sound = try bench.transaction()
    let bad = try bench.spoiled(sound)
    #expect(bad.id == sound.id)
    // First a peer offers the spoiled form, and while it is checked a client submits the sound one.
    bench.receive(.transactions([bad.bytes]), from: 2)
    bench.submit(sound)
    bench.submit(bad)
    #expect(bench.requests.count == 2, "equal bytes share a check, others do not")
    while let request = bench.requests.first { bench.verify(request) }
    #expect(bench.answers.count == 2)
    #expect(try bench.answers.first { $0.token.number == 1 }?.answer.get() == Acceptance(id: sound.id))
    #expect(isBadSignature(bench.answers.first { $0.token.number == 2 }?.answer))
    #expect(bench.blame == ["transaction.bad-signature"])
    #expect(bench.replica.pending(sound.id) == sound)
    #expect(bench.replica.verifying.isEmpty)
  }

  @Test("several clients with the same bytes share one check and all get an answer")
  func shared() throws {
    let bench = try Bench()
    bench.areWorkersPrompt = false
    let transaction = try bench.transaction()
    for _ in 0..<5 { bench.submit(transaction) }
    #expect(bench.requests.count == 1)
    bench.verify(try #require(bench.requests.first))
    #expect(bench.answers.count == 5)
    #expect(bench.replica.standing.poolTransactions == 1)
  }

  @Test("one that is in a block not final yet is taken, and waits again when that block is given up")
  func inUnfinalBlock() throws {
    let bench = try Bench(validators: 4, own: 0)
    let transaction = try bench.transaction()
    let block = bench.block([transaction])
    try bench.propose(block, view: 1)
    bench.receive(
      .certificate(try bench.certificate(.notarize(bench.proposal(block, view: 1)), by: [1, 2, 3])), from: 1)
    #expect(try bench.submit(transaction)?.get().id == transaction.id)
    #expect(bench.replica.standing.poolTransactions == 1)
    #expect(bench.replica.standing.waitingTransactions == 0)
    // View 1 is nullified elsewhere, and the next leader builds on genesis.
    bench.receive(.certificate(try bench.certificate(bench.nullify(1), by: [1, 2, 3])), from: 1)
    try bench.propose(bench.block([try bench.transaction()]), view: 2, parent: 0)
    #expect(bench.replica.standing.waitingTransactions == 1)
  }

  @Test("offers that are malformed are blamed, inadmissible ones are dropped without blame")
  func offers() throws {
    let bench = try Bench()
    let expired = try bench.transaction(validFor: 0)
    bench.now.wall = bench.now.wall.advanced(byMilliseconds: 1)
    bench.receive(.transactions([expired.bytes]), from: 1)
    #expect(bench.blame.isEmpty)
    bench.receive(.transactions([[1, 2, 3], try bench.transaction().bytes]), from: 1)
    #expect(bench.blame == ["transaction.malformed"])
    #expect(bench.replica.standing.poolTransactions == 0)
    // An offered one is not passed on: whoever had it first did that.
    bench.receive(.transactions([try bench.transaction().bytes]), from: 1)
    #expect(bench.replica.standing.poolTransactions == 1)
    #expect(!bench.sent.contains { if case .transactions = $0.message { true } else { false } })
  }

  @Test("what waits for long is offered again, and what expires is dropped and named")
  func offeredAgain() throws {
    let bench = try Bench(validators: 4, own: 0)
    let transaction = try bench.transaction(validFor: 3000)
    bench.submit(transaction)
    bench.forgetSent()
    bench.advance(milliseconds: 2100)
    #expect(bench.sent.contains { $0.message == .transactions([transaction.bytes]) })
    bench.advance(milliseconds: 2100)
    #expect(bench.replica.standing.poolTransactions == 0)
    #expect(bench.notices.contains { if case .dropped([transaction.id]) = $0 { true } else { false } })
  }

  @Test("C18: one that the final state rules out leaves at the next offer, also where this node never leads")
  func ruledOut() throws {
    let bench = try Bench(validators: 4, own: 0)
    let payer = Population.banks[0]
    let doomed = try bench.transaction(from: 0)
    bench.submit(doomed)
    // The next final block suspends its payer.
    var draft = try TransactionDraft(
      operations: [.memberSuspend(name: payer, reason: "")], validUntil: bench.now.wall.advanced(byMilliseconds: 1000),
      nonce: 1, chain: bench.population.chain, hash: &bench.hash)
    let key = try #require(bench.population.memberKeys[Population.administrator])
    draft.add(
      TransactionSignature(
        member: Population.administrator, key: key,
        signature: try #require(bench.ring.sign(draft.signedBytes, with: key))))
    let block = bench.block([try draft.assemble(hash: &bench.hash)])
    try bench.propose(block, view: 1)
    let proposal = bench.proposal(block, view: 1)
    let result = try bench.points([block])[0].result
    bench.receive(.certificate(try bench.certificate(.finalize(proposal, result: result), by: [1, 2, 3])), from: 1)
    #expect(bench.replica.standing.poolTransactions == 1)
    bench.run(milliseconds: 4500)
    #expect(bench.replica.standing.poolTransactions == 0)
    #expect(bench.notices.contains { if case .dropped([doomed.id]) = $0 { true } else { false } })
  }
}

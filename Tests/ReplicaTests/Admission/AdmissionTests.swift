import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The admission machine")
struct AdmissionTests {
  private let harness: MachineHarness
  private var admission: Admission

  init() throws {
    harness = try MachineHarness()
    admission = Admission(bounds: Mempool.Bounds(), nextOffer: Tick(2_000_000), now: harness.context.now.tick)
  }

  private mutating func submit(_ transactions: [SignedTransaction], stopped: StopReason? = nil) {
    let submissions = transactions.enumerated().map {
      Submission(token: SubmissionToken(number: UInt64($0.offset)), bytes: $0.element.bytes)
    }
    admission.submit(submissions, harness.chain, stopped: stopped, &harness.context)
  }

  /// The workers say of the request with this number whether all its signatures hold.
  private mutating func finish(_ request: Int, _ holds: Bool = true) throws {
    let asked = harness.requests[request]
    guard case .transactions(let incoming, let peer) = harness.context.tickets.finish(asked.ticket) else {
      Issue.record("no transactions under the ticket")
      return
    }
    admission.finish(incoming, asked.items.map { _ in holds }, from: peer, harness.chain, &harness.context)
  }

  private var answers: [String] {
    harness.context.effects.answers.map { answer in
      switch answer.answer {
      case .success(let acceptance): acceptance.isFinal ? "final" : "accepted"
      case .failure(let refusal): refusal.code
      }
    }
  }

  @Test("A client's transaction is answered once its signatures are verified, then waits and goes to all peers")
  mutating func accepted() throws {
    let transaction = try harness.maker.transaction()
    submit([transaction])
    #expect(answers.isEmpty)
    #expect(harness.requests.map(\.urgency) == [.transactions])
    #expect(admission.workChange(isReturnDue: false) == nil)
    try finish(0)
    #expect(answers == ["accepted"])
    #expect(try harness.messages == [.transactions([transaction.bytes])])
    #expect(harness.sent.map(\.to) == [.all])
    #expect(admission.workChange(isReturnDue: false) == true)
    #expect(admission.workChange(isReturnDue: false) == nil)
  }

  @Test("Clients that send the same bytes share one check and are all answered; other bytes get their own check")
  mutating func shared() throws {
    let transaction = try harness.maker.transaction()
    submit([transaction, transaction, try harness.maker.spoiled(transaction)])
    #expect(harness.requests.map(\.items.count) == [2])
    let asked = harness.requests[0]
    guard case .transactions(let incoming, _) = harness.context.tickets.finish(asked.ticket) else {
      Issue.record("no transactions under the ticket")
      return
    }
    admission.finish(incoming, [true, false], from: nil, harness.chain, &harness.context)
    #expect(answers == ["accepted", "accepted", "transaction.bad-signature"])
    #expect(admission.count == 1)
  }

  @Test("A peer is blamed for a transaction with an invalid signature, a client is not")
  mutating func badSignature() throws {
    let transaction = try harness.maker.transaction()
    admission.receive([transaction.bytes], from: PeerID(2), harness.chain, &harness.context)
    try finish(0, false)
    #expect(harness.blame == ["transaction.bad-signature"])
    submit([transaction])
    try finish(1, false)
    #expect(harness.blame.count == 1)
    #expect(answers == ["transaction.bad-signature"])
    #expect(admission.count == 0)
  }

  @Test("The proof of a vote key is verified with the signatures, and an invalid one is named")
  mutating func keyProof() throws {
    let maker = harness.maker
    submit([try maker.keyChange(of: 0), try maker.keyChange(of: 1, isProved: false)])
    #expect(harness.requests.map(\.items.count) == [4])
    let asked = harness.requests[0]
    guard case .transactions(let incoming, _) = harness.context.tickets.finish(asked.ticket) else {
      Issue.record("no transactions under the ticket")
      return
    }
    let results = asked.items.map { maker.ring.holds($0) }
    #expect(results == [true, true, true, false])
    admission.finish(incoming, results, from: nil, harness.chain, &harness.context)
    #expect(answers == ["accepted", "transaction.bad-key-proof"])
    #expect(admission.count == 1)
  }

  @Test("H3: one peer's unverified transactions take a share of the pool, and no room of its votes")
  mutating func peerShare() throws {
    admission = Admission(
      bounds: Mempool.Bounds(transactions: 4000, bytes: 16 << 20, memberShare: 1), nextOffer: Tick(2_000_000),
      now: harness.context.now.tick)
    for _ in 0..<1200 {
      let offer = [try harness.maker.transaction().bytes]
      admission.receive(offer, from: PeerID(2), harness.chain, &harness.context)
    }
    #expect(harness.requests.count == 4000 / Limits.mempoolPeerShare)
    #expect(harness.context.tickets.hasRoom(for: PeerID(2)))
    // Others are not affected, and with each answer the peer regains room.
    submit([try harness.maker.transaction()])
    admission.receive([try harness.maker.transaction().bytes], from: PeerID(3), harness.chain, &harness.context)
    try finish(0, false)
    admission.receive([try harness.maker.transaction().bytes], from: PeerID(2), harness.chain, &harness.context)
    #expect(harness.requests.count == 4000 / Limits.mempoolPeerShare + 3)
    admission.checkInvariants()
  }

  @Test("A transaction being verified counts against the pool's bounds until it fails")
  mutating func bounded() throws {
    admission = Admission(
      bounds: Mempool.Bounds(transactions: 1, bytes: 1 << 20, memberShare: 1), nextOffer: Tick(2_000_000),
      now: harness.context.now.tick)
    let second = try harness.maker.transaction()
    submit([try harness.maker.transaction()])
    submit([second])
    #expect(harness.requests.count == 1)
    #expect(answers == ["pool.full"])
    try finish(0, false)
    harness.forgetEffects()
    submit([second])
    #expect(harness.requests.count == 1)
  }

  @Test("A node that has stopped refuses each transaction with the reason")
  mutating func stopped() throws {
    submit([try harness.maker.transaction()], stopped: .logFailed("gone"))
    #expect(answers == ["node.log-failed"])
    #expect(harness.requests.isEmpty)
  }

  @Test("A block's transaction is known, being checked or unknown by its exact bytes")
  mutating func knowledge() throws {
    let verified = try harness.maker.transaction()
    let pending = try harness.maker.transaction()
    submit([verified])
    try finish(0)
    submit([pending])
    let block = harness.maker.block([
      verified, pending, try harness.maker.transaction(), try harness.maker.spoiled(verified),
    ])
    let known = (0..<block.count).map { admission.knowledge(of: block.transaction(at: $0)) }
    #expect(known == [.verified, .underCheck(harness.requests[1].ticket), .unknown, .unknown])
  }

  @Test("Waiting transactions are offered again at their interval, and not before")
  mutating func offeredAgain() throws {
    admission = Admission(bounds: Mempool.Bounds(), nextOffer: harness.context.now.tick, now: harness.context.now.tick)
    let transaction = try harness.maker.transaction()
    submit([transaction])
    try finish(0)
    harness.forgetEffects()
    let interval = harness.configuration.offerInterval
    let isDue = admission.offerAgain(harness.chain, &harness.context)
    #expect(isDue)
    #expect(harness.sent.isEmpty)
    harness.advance(microseconds: interval - 1)
    let isDueEarly = admission.offerAgain(harness.chain, &harness.context)
    #expect(!isDueEarly)
    harness.advance(microseconds: 1)
    let isDueAgain = admission.offerAgain(harness.chain, &harness.context)
    #expect(isDueAgain)
    #expect(try harness.messages == [.transactions([transaction.bytes])])
  }

  @Test("H14: a node offers new transactions at a bounded rate, and the others with what waits")
  mutating func paced() throws {
    let now = harness.context.now.tick
    admission = Admission(bounds: Mempool.Bounds(), nextOffer: now, now: now)
    let large = try (0..<12).map { _ in try harness.maker.transaction(operations: 10_000) }
    submit(large)
    try finish(0)
    #expect(answers == Array(repeating: "accepted", count: 12))
    #expect(try offered().reduce(0) { $0 + $1.count } <= Limits.offeredBytes)
    #expect(try !offered().isEmpty)
    for _ in 0..<4 {
      harness.advance(microseconds: harness.configuration.offerInterval)
      _ = admission.offerAgain(harness.chain, &harness.context)
    }
    #expect(Set(try offered()) == Set(large.map(\.bytes)))
  }

  /// The transactions that were sent to all peers.
  private func offered() throws -> [[UInt8]] {
    try harness.messages.flatMap { message -> [[UInt8]] in
      guard case .transactions(let list) = message else { return [] }
      return list
    }
  }

  /// A block that suspends the payer of the harness's transactions.
  private func suspension() throws -> Block {
    let maker = harness.maker
    var draft = try TransactionDraft(
      operations: [.memberSuspend(name: Population.banks[0], reason: "")],
      validUntil: maker.now.wall.advanced(byMilliseconds: 1000), nonce: 1, chain: maker.population.chain,
      hash: &maker.hash)
    let key = try #require(maker.population.memberKeys[Population.administrator])
    draft.add(
      TransactionSignature(
        member: Population.administrator, key: key,
        signature: try #require(maker.ring.sign(draft.signedBytes, with: key))))
    return maker.block([try draft.assemble(hash: &maker.hash)])
  }

  /// The pool holds two transactions, and the chain executes a block that rules the first one out. Returns both.
  private mutating func ruleOut(_ block: Block) throws -> [SignedTransaction] {
    let transactions = [try harness.maker.transaction(from: 0), try harness.maker.transaction(from: 2)]
    submit(transactions)
    try finish(0)
    harness.chain.tree.insert(block, isLogged: false)
    var changes = Chain.Changes()
    try harness.chain.move(to: block.digest, &changes)
    admission.apply(changes, harness.chain, &harness.context)
    return transactions
  }

  private mutating func select() -> [Digest] {
    let time = harness.chain.ledger.tip.timestamp.advanced(byMilliseconds: 1)
    let ids = admission.select(at: time, harness.chain, &harness.context).map(\.id)
    admission.checkInvariants()
    return ids
  }

  @Test("N3: what a block that is not final rules out is looked at once, and dropped when the block is final")
  mutating func ruledOut() throws {
    let block = try suspension()
    let transactions = try ruleOut(block)
    #expect(admission.waiting == 2)
    #expect(select() == [transactions[1].id])
    #expect(admission.waiting == 1)
    #expect(admission.count == 2)
    #expect(select() == [transactions[1].id])
    var changes = Chain.Changes()
    let result = harness.chain.ledger.tip.result
    try harness.chain.commit(block.digest, result: result, &changes)
    admission.apply(changes, harness.chain, &harness.context)
    #expect(admission.count == 1)
    #expect(
      harness.context.effects.notices.contains { if case .dropped([transactions[0].id]) = $0 { true } else { false } })
  }

  @Test("A transaction that a block ruled out waits again when that block is given up")
  mutating func givenUp() throws {
    let transactions = try ruleOut(try suspension())
    #expect(select() == [transactions[1].id])
    var changes = Chain.Changes()
    try harness.chain.move(to: harness.chain.committed.block, &changes)
    admission.apply(changes, harness.chain, &harness.context)
    #expect(admission.waiting == 2)
    #expect(Set(select()) == Set(transactions.map(\.id)))
  }
}

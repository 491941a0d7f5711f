import Consensus
import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

/// The leader of a view has a valid key and proposes whatever it likes.
@Testing.Suite("A hostile leader's proposals")
struct HostileProposalsTests {
  /// More signatures than may be under way at a time.
  private static let many = Limits.blockPieces * Limits.blockPieceSignatures + 2 * Limits.blockPieceSignatures

  private func harness() throws -> ReplicaHarness { try ReplicaHarness(validators: 4, own: 0) }

  private func transactions(_ harness: ReplicaHarness) throws -> [SignedTransaction] {
    try (0..<Self.many).map { _ in try harness.transaction() }
  }

  /// Has the leader of view 1 propose a block and its own signature verified, with workers that then wait.
  private func propose(_ block: Block, _ harness: ReplicaHarness) throws {
    harness.areWorkersPrompt = false
    try harness.propose(block, view: 1)
    harness.verify(try #require(harness.requests.first))
  }

  /// Answers everything. Returns how many signatures of blocks were verified.
  private func answerAll(_ harness: ReplicaHarness) -> Int {
    var count = 0
    while let request = harness.requests.first {
      if request.urgency == .block { count += request.items.count }
      harness.verify(request)
    }
    return count
  }

  private func fetches(_ harness: ReplicaHarness) -> Int {
    harness.sent.count { if case .fetchBlock = $0.message { true } else { false } }
  }

  @Test("A block's signatures are verified in pieces, few at a time, and all of them before the vote")
  func pieces() throws {
    let harness = try harness()
    let block = harness.block(try transactions(harness))
    try propose(block, harness)
    #expect(harness.requests.map(\.items.count) == Array(repeating: 256, count: Limits.blockPieces))
    #expect(harness.votes.isEmpty)
    #expect(answerAll(harness) == Self.many)
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1))])
    #expect(harness.blame.isEmpty)
  }

  @Test("H3: an invalid proof of a vote key is an invalid signature of the block, and the leader is blamed")
  func badKeyProof() throws {
    for isProved in [true, false] {
      let harness = try harness()
      let block = harness.block([try harness.keyChange(of: 1, isProved: isProved)])
      try propose(block, harness)
      #expect(answerAll(harness) == 2)
      #expect(harness.rejections == (isProved ? [] : ["transaction.bad-signature"]))
      #expect(harness.blame == (isProved ? [] : ["transaction.bad-signature"]))
      #expect(harness.votes == [isProved ? .notarize(harness.proposal(block, view: 1)) : harness.nullify(1)])
    }
  }

  @Test("H3: the first invalid signature in a block ends its verification, and the leader is blamed")
  func badSignature() throws {
    let harness = try harness()
    var transactions = try transactions(harness)
    transactions[0] = try harness.spoiled(transactions[0])
    try propose(harness.block(transactions), harness)
    #expect(answerAll(harness) == Limits.blockPieces * Limits.blockPieceSignatures)
    #expect(harness.rejections == ["transaction.bad-signature"])
    #expect(harness.blame == ["transaction.bad-signature"])
    #expect(harness.votes == [harness.nullify(1)])
  }

  @Test("H3: when the view ends, or its block is notarized without this node, the rest is not verified")
  func ended() throws {
    for isNotarized in [false, true] {
      let harness = try harness()
      let block = harness.block(try transactions(harness))
      try propose(block, harness)
      let pieces = harness.requests
      let statement = isNotarized ? .notarize(harness.proposal(block, view: 1)) : harness.nullify(1)
      harness.receive(.certificate(try harness.certificate(statement, by: [1, 2, 3])), from: 2)
      harness.verify(try #require(harness.requests.last))
      for piece in pieces { harness.verify(piece) }
      #expect(!harness.requests.contains { $0.urgency == .block })
      #expect(harness.replica.status.view == View(2))
      #expect(harness.blame.isEmpty)
    }
  }

  @Test("H3: when this node gives the view up, the rest of the block is not verified")
  func givenUp() throws {
    let harness = try harness()
    try propose(harness.block(try transactions(harness)), harness)
    harness.run(milliseconds: 60_000)
    #expect(harness.votes.contains(harness.nullify(1)))
    #expect(answerAll(harness) == Limits.blockPieces * Limits.blockPieceSignatures)
    #expect(harness.replica.proposals.checkCount == 0)
  }

  @Test("C12: the leader of a block that is provably invalid is blamed; a clock that differs proves nothing")
  func blame() throws {
    let harness = try harness()
    let genesis = harness.genesisPoint
    let distant = ChainPoint(
      height: Height(8), block: genesis.block, result: genesis.result, timestamp: genesis.timestamp,
      stateRoot: genesis.stateRoot, above: genesis.above)
    try harness.propose(harness.block(on: distant), view: 1)
    #expect(harness.rejections == ["block.wrong-height"])
    #expect(harness.blame == ["block.wrong-height"])

    let other = try self.harness()
    let late = other.now.wall.advanced(byMilliseconds: 3 * Limits.clockDriftMilliseconds)
    try other.propose(other.block(at: late), view: 1)
    #expect(other.rejections == ["block.time-ahead"])
    #expect(other.blame.isEmpty)
  }

  @Test("H6: a block of a committed height is refused once, blamed on its leader, and never asked for")
  func committedHeight() throws {
    let harness = try harness()
    try harness.finalize(try harness.chain(1))
    harness.forgetSent()
    let old = harness.block([try harness.transaction()])
    let before = harness.replica.context.tickets.next.number
    for _ in 0..<50 { try harness.propose(old, view: 2, parent: 1) }
    #expect(harness.replica.context.tickets.next.number == before + 1)
    #expect(harness.rejections == ["block.committed-height"])
    #expect(harness.blame == ["block.committed-height"])
    #expect(harness.votes == [harness.nullify(2)])
    harness.run(milliseconds: 10_000)
    #expect(fetches(harness) == 0)
    #expect(harness.replica.blockSync.wantedCount == 0)
  }

  @Test("H6: a proposal without its block, whose height is committed, is asked for once")
  func committedHeightFetched() throws {
    let harness = try harness()
    try harness.finalize(try harness.chain(1))
    harness.forgetSent()
    let old = harness.block([try harness.transaction()])
    let vote = try harness.vote(.notarize(harness.proposal(old, view: 2, parent: 1)), by: 2)
    harness.receive(.vote(vote), from: 2)
    #expect(fetches(harness) == 1)
    for _ in 0..<20 { harness.receive(.block(old.bytes), from: 2) }
    #expect(fetches(harness) == 1)
    #expect(harness.rejections == ["block.committed-height"])
    #expect(harness.votes == [harness.nullify(2)])
  }

  @Test("H6: a block that was found invalid is neither fetched nor executed, even if it is notarized")
  func invalidNotarized() throws {
    let harness = try harness()
    let block = harness.block([try harness.spoiled(try harness.transaction())])
    try harness.propose(block, view: 1)
    #expect(harness.rejections == ["transaction.bad-signature"])
    try harness.certify(block, view: 1)
    harness.run(milliseconds: 1000)
    #expect(fetches(harness) == 0)
    #expect(harness.replica.chain.tree.count == 0)
    #expect(harness.replica.proposals.certificationCount == 0)
  }
}

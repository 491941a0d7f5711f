import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Following a leader")
struct FollowingTests {
  /// A validator that leads none of the first views: 0 leads view 4.
  private func harness() throws -> ReplicaHarness { try ReplicaHarness(validators: 4, own: 0) }

  @Test("a valid proposal is notarized, certified, finalized and committed")
  func happyPath() throws {
    let harness = try harness()
    let block = harness.block([try harness.transaction()])
    let proposal = harness.proposal(block, view: 1)
    try harness.propose(block, view: 1)
    #expect(harness.votes == [.notarize(proposal)])
    try harness.certify(block, view: 1)
    let point = try harness.points([block])[0]
    #expect(harness.votes.last == .finalize(proposal, result: point.result))
    harness.receive(.certificate(try harness.finalization(block, point, view: 1)), from: 2)
    #expect(harness.commits.map(\.block.digest) == [block.digest])
    #expect(harness.replica.status.committed.result == point.result)
  }

  @Test("C11: block bytes that do not match the proposed digest are refused and blamed")
  func otherBytes() throws {
    let harness = try harness()
    let block = harness.block([try harness.transaction()])
    let other = harness.block([try harness.transaction()])
    let vote = try harness.vote(.notarize(harness.proposal(block, view: 1)), by: 1)
    harness.receive(.proposal(vote, block: other.bytes), from: 1)
    #expect(harness.blame == ["block.other-digest"])
    #expect(harness.votes.isEmpty)
  }

  @Test("C11: every changed byte of a block's transactions is detected")
  func changedBytes() throws {
    let block = try harness().block([try harness().transaction()])
    for place in stride(from: BlockHeader.byteCount, to: block.bytes.count, by: 7) {
      let harness = try harness()
      var bytes = block.bytes
      bytes[place] ^= 0x10
      let vote = try harness.vote(.notarize(harness.proposal(block, view: 1)), by: 1)
      harness.receive(.proposal(vote, block: bytes), from: 1)
      #expect(harness.blame.count == 1, "byte \(place)")
      #expect(harness.votes.isEmpty, "byte \(place)")
    }
  }

  @Test("a signature being checked when its transaction arrives in a block is not checked again")
  func checkUnderWay() throws {
    let harness = try harness()
    harness.areWorkersPrompt = false
    let transaction = try harness.transaction()
    harness.submit(transaction)
    let check = try #require(harness.requests.first)
    let block = harness.block([transaction])
    try harness.propose(block, view: 1)
    let vote = try #require(harness.requests.last)
    harness.verify(vote)
    #expect(harness.requests.map(\.ticket) == [check.ticket])
    #expect(harness.hurried == [check.ticket])
    #expect(harness.votes.isEmpty)
    harness.verify(check)
    #expect(harness.requests.isEmpty)
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1))])
  }

  @Test("a block waits once for a check in progress; if that check fails, so does the block")
  func failedCheckUnderWay() throws {
    let harness = try harness()
    harness.areWorkersPrompt = false
    let good = try harness.transaction()
    let bad = try harness.spoiled(try harness.transaction())
    harness.submit(good)
    harness.submit(bad)
    let checks = harness.requests
    try harness.propose(harness.block([good, bad]), view: 1)
    harness.verify(try #require(harness.requests.last))
    for check in checks { harness.verify(check) }
    // Only what failed is asked again, and of that only.
    #expect(harness.requests.map(\.items.count) == [1])
    // Once more from a client: the block does not wait for that.
    harness.submit(bad)
    harness.verify(try #require(harness.requests.first))
    #expect(harness.rejections == ["transaction.bad-signature"])
    #expect(harness.votes == [harness.nullify(1)])
  }

  @Test("only the votes of a certificate that did not arrive before it are checked")
  func knownVotes() throws {
    let harness = try harness()
    let block = harness.block([try harness.transaction()])
    let proposal = harness.proposal(block, view: 1)
    try harness.propose(block, view: 1)
    harness.areWorkersPrompt = false
    let certificate = try harness.certificate(.notarize(proposal), by: [1, 2, 3])
    // Known is the vote and not the voter: another signature of the same validator is checked.
    var forged = certificate
    forged.signatures[0] = forged.signatures[1]
    harness.receive(.certificate(forged), from: 3)
    #expect(harness.requests.map(\.items.count) == [3])
    harness.verify(harness.requests[0])
    // The leader's vote came with its proposal.
    harness.receive(.certificate(certificate), from: 2)
    #expect(harness.requests.map(\.items.count) == [2])
  }

  /// The header of a good block with something else in one field, under a digest of its own.
  private func forged(_ harness: ReplicaHarness, _ change: (inout BlockHeader) -> Void) throws -> Block {
    let good = harness.block()
    var header = good.header
    change(&header)
    var writer = Writer()
    header.encode(into: &writer, chain: harness.population.chain)
    return try Block(bytes: writer.bytes, chain: harness.population.chain, hash: &harness.hash)
  }

  @Test("C12: forged header fields are refused before the vote", arguments: 0..<5)
  func forgedHeader(field: Int) throws {
    let harness = try harness()
    let block = try forged(harness) { header in
      switch field {
      case 0: header.height = Height(2)
      case 1: header.parent = Digest(1, 2, 3, 4)
      case 2: header.parentResult = Digest(1, 2, 3, 4)
      case 3: header.timestamp = harness.genesisPoint.timestamp
      default: header.timestamp = Timestamp(0)
      }
    }
    try harness.propose(block, view: 1)
    let codes = [
      "block.wrong-height", "block.wrong-parent", "block.wrong-parent-result", "block.time-not-after-parent",
      "block.time-not-after-parent",
    ]
    #expect(harness.rejections == [codes[field]])
    #expect(harness.votes == [harness.nullify(1)])
  }

  @Test(
    "C12: a block whose transaction root or count does not match its transactions is refused", arguments: [true, false])
  func forgedRoot(isCount: Bool) throws {
    let harness = try harness()
    var header = harness.block([try harness.transaction()]).header
    if isCount { header.transactionCount = 0 } else { header.transactionRoot = Digest(1, 1, 1, 1) }
    var writer = Writer()
    header.encode(into: &writer, chain: harness.population.chain)
    let digest = header.digest(harness.population.chain, hash: &harness.hash)
    let proposal = Proposal(epoch: .first, view: View(1), parent: .genesis, block: digest)
    harness.receive(.proposal(try harness.vote(.notarize(proposal), by: 1), block: writer.bytes), from: 1)
    #expect(harness.blame.count == 1)
    #expect(harness.votes.isEmpty)
  }

  @Test("C14: a block whose time is further ahead than the allowed drift is refused; at the limit it is accepted")
  func timeAhead() throws {
    for (ahead, isTaken) in [(Limits.clockDriftMilliseconds, true), (Limits.clockDriftMilliseconds + 1, false)] {
      let harness = try harness()
      let block = harness.block(at: harness.now.wall.advanced(byMilliseconds: ahead))
      try harness.propose(block, view: 1)
      #expect(harness.votes == (isTaken ? [.notarize(harness.proposal(block, view: 1))] : [harness.nullify(1)]))
      #expect(harness.rejections == (isTaken ? [] : ["block.time-ahead"]))
    }
    let harness = try harness()
    try harness.propose(harness.block(at: Timestamp(.max)), view: 1)
    #expect(harness.rejections == ["block.time-ahead"])
  }

  @Test("E8: a transaction twice in one block is refused")
  func twiceInOneBlock() throws {
    let harness = try harness()
    let transaction = try harness.transaction()
    try harness.propose(harness.block([transaction, transaction]), view: 1)
    #expect(harness.rejections == ["block.repeated-transaction"])
    #expect(harness.votes == [harness.nullify(1)])
  }

  @Test("E8: a transaction in a second block is refused, even after a restart", arguments: [false, true])
  func twiceAcrossBlocks(isRestarted: Bool) throws {
    let harness = try harness()
    let transaction = try harness.transaction()
    let first = harness.block([transaction])
    let point = try harness.points([first])[0]
    try harness.finalize([first])
    #expect(harness.commits.count == 1)
    if isRestarted { try harness.restart() }
    try harness.propose(harness.block([transaction], on: point), view: 2, parent: 1)
    #expect(harness.rejections == ["block.transaction-refused"])
    if case .failure(.inadmissible(.alreadyApplied)) = harness.submit(transaction) {
      Issue.record("an applied transaction that is sent again is not an error")
    }
    #expect(harness.replica.status.poolTransactions == 0)
  }

  @Test("a block with an invalid transaction signature is refused")
  func badSignature() throws {
    let harness = try harness()
    let stranger = harness.ring.makeKey()
    let unknownKey = try harness.transaction(key: stranger)
    try harness.propose(harness.block([unknownKey]), view: 1)
    #expect(harness.rejections == ["block.transaction-refused"])

    let other = try self.harness()
    let good = try other.transaction()
    // The sound form in the pool does not vouch for other signature bytes.
    other.submit(good)
    try other.propose(other.block([other.spoiled(good)]), view: 1)
    #expect(other.rejections == ["transaction.bad-signature"])
    #expect(other.votes == [other.nullify(1)])
  }

  @Test("C13: a leader that signs many proposals of one view takes bounded memory")
  func manyProposals() throws {
    let harness = try harness()
    for _ in 0..<200 {
      let block = harness.block([try harness.transaction()])
      try harness.propose(block, view: 1)
    }
    #expect(harness.replica.chain.tree.count <= 1)
    #expect(harness.replica.context.tickets.count == 0)
    #expect(harness.notices.contains { if case .equivocated = $0 { true } else { false } })
  }

  @Test("a second proposal that a quorum notarized is fetched")
  func otherNotarized() throws {
    let harness = try harness()
    let first = harness.block([try harness.transaction()])
    let second = harness.block([try harness.transaction()])
    try harness.propose(first, view: 1)
    try harness.propose(second, view: 1)
    harness.forgetSent()
    let proposal = harness.proposal(second, view: 1)
    try harness.certify(second, view: 1)
    // From one who voted for it.
    #expect(harness.sent.contains { $0.message == .fetchBlock(second.digest) && $0.to == .peer(PeerID(2)) })
    harness.receive(.block(second.bytes), from: 2)
    let result = try harness.points([second])[0].result
    // It equivocated, so nothing is finalized, but the next view may build on the block.
    #expect(!harness.votes.contains(.finalize(proposal, result: result)))
    #expect(harness.replica.status.view == View(2))
  }
}

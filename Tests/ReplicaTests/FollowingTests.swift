import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Following a leader")
struct FollowingTests {
  /// A validator that leads none of the first views: 0 leads view 4.
  private func bench() throws -> Bench { try Bench(validators: 4, own: 0) }

  @Test("a valid proposal is notarized, certified, finalized and committed")
  func happyPath() throws {
    let bench = try bench()
    let block = bench.block([try bench.transaction()])
    let proposal = bench.proposal(block, view: 1)
    try bench.propose(block, view: 1)
    #expect(bench.votes == [.notarize(proposal)])
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: [1, 2, 3])), from: 2)
    let result = try bench.points([block])[0].result
    #expect(bench.votes.last == .finalize(proposal, result: result))
    bench.receive(.certificate(try bench.certificate(.finalize(proposal, result: result), by: [1, 2, 3])), from: 2)
    #expect(bench.commits.map(\.block.digest) == [block.digest])
    #expect(bench.replica.standing.committed.result == result)
  }

  @Test("C11: block bytes that do not give the proposed digest are refused and blamed")
  func otherBytes() throws {
    let bench = try bench()
    let block = bench.block([try bench.transaction()])
    let other = bench.block([try bench.transaction()])
    let vote = try bench.vote(.notarize(bench.proposal(block, view: 1)), by: 1)
    bench.receive(.proposal(vote, block: other.bytes), from: 1)
    #expect(bench.blame == ["block.other-digest"])
    #expect(bench.votes.isEmpty)
  }

  @Test("C11: every changed byte of a block's transactions is found out")
  func changedBytes() throws {
    let block = try bench().block([try bench().transaction()])
    for place in stride(from: BlockHeader.byteCount, to: block.bytes.count, by: 7) {
      let bench = try bench()
      var bytes = block.bytes
      bytes[place] ^= 0x10
      let vote = try bench.vote(.notarize(bench.proposal(block, view: 1)), by: 1)
      bench.receive(.proposal(vote, block: bytes), from: 1)
      #expect(bench.blame.count == 1, "byte \(place)")
      #expect(bench.votes.isEmpty, "byte \(place)")
    }
  }

  @Test("a signature that is being checked when its transaction comes in a block is not checked a second time")
  func checkUnderWay() throws {
    let bench = try bench()
    bench.areWorkersPrompt = false
    let transaction = try bench.transaction()
    bench.submit(transaction)
    let check = try #require(bench.requests.first)
    let block = bench.block([transaction])
    try bench.propose(block, view: 1)
    let vote = try #require(bench.requests.last)
    bench.verify(vote)
    #expect(bench.requests.map(\.ticket) == [check.ticket])
    #expect(bench.hurried == [check.ticket])
    #expect(bench.votes.isEmpty)
    bench.verify(check)
    #expect(bench.requests.isEmpty)
    #expect(bench.votes == [.notarize(bench.proposal(block, view: 1))])
  }

  @Test("a block waits once for a check under way; one that fails there fails for the block as well")
  func failedCheckUnderWay() throws {
    let bench = try bench()
    bench.areWorkersPrompt = false
    let good = try bench.transaction()
    let bad = try bench.spoiled(try bench.transaction())
    bench.submit(good)
    bench.submit(bad)
    let checks = bench.requests
    try bench.propose(bench.block([good, bad]), view: 1)
    bench.verify(try #require(bench.requests.last))
    for check in checks { bench.verify(check) }
    // Only what failed is asked again, and of that only.
    #expect(bench.requests.map(\.items.count) == [1])
    // Once more from a client: the block does not wait for that.
    bench.submit(bad)
    bench.verify(try #require(bench.requests.first))
    #expect(bench.rejections == ["transaction.bad-signature"])
    #expect(bench.votes == [bench.nullify(1)])
  }

  @Test("of a certificate only the votes that did not come before it are checked")
  func knownVotes() throws {
    let bench = try bench()
    let block = bench.block([try bench.transaction()])
    let proposal = bench.proposal(block, view: 1)
    try bench.propose(block, view: 1)
    bench.areWorkersPrompt = false
    let certificate = try bench.certificate(.notarize(proposal), by: [1, 2, 3])
    // Known is the vote and not the voter: another signature of the same validator is checked.
    var forged = certificate
    forged.signatures[0] = forged.signatures[1]
    bench.receive(.certificate(forged), from: 3)
    #expect(bench.requests.map(\.items.count) == [3])
    bench.verify(bench.requests[0])
    // The leader's vote came with its proposal.
    bench.receive(.certificate(certificate), from: 2)
    #expect(bench.requests.map(\.items.count) == [2])
  }

  /// The header of a good block with something else in one field, under a digest of its own.
  private func forged(_ bench: Bench, _ change: (inout BlockHeader) -> Void) throws -> Block {
    let good = bench.block()
    var header = good.header
    change(&header)
    var writer = Writer()
    header.encode(into: &writer, chain: bench.population.chain)
    return try Block(bytes: writer.bytes, chain: bench.population.chain, hash: &bench.hash)
  }

  @Test("C12: forged header fields are refused before the vote", arguments: 0..<5)
  func forgedHeader(field: Int) throws {
    let bench = try bench()
    let block = try forged(bench) { header in
      switch field {
      case 0: header.height = Height(2)
      case 1: header.parent = Digest(1, 2, 3, 4)
      case 2: header.parentResult = Digest(1, 2, 3, 4)
      case 3: header.timestamp = bench.genesisPoint.timestamp
      default: header.timestamp = Timestamp(0)
      }
    }
    try bench.propose(block, view: 1)
    let codes = [
      "block.wrong-height", "block.wrong-parent", "block.wrong-parent-result", "block.time-not-after-parent",
      "block.time-not-after-parent",
    ]
    #expect(bench.rejections == [codes[field]])
    #expect(bench.votes == [bench.nullify(1)])
  }

  @Test("C12: a transaction root or count that is not the transactions' is no block", arguments: [true, false])
  func forgedRoot(isCount: Bool) throws {
    let bench = try bench()
    var header = bench.block([try bench.transaction()]).header
    if isCount { header.transactionCount = 0 } else { header.transactionRoot = Digest(1, 1, 1, 1) }
    var writer = Writer()
    header.encode(into: &writer, chain: bench.population.chain)
    let digest = header.digest(bench.population.chain, hash: &bench.hash)
    let proposal = Proposal(epoch: .first, view: View(1), parent: .genesis, block: digest)
    bench.receive(.proposal(try bench.vote(.notarize(proposal), by: 1), block: writer.bytes), from: 1)
    #expect(bench.blame.count == 1)
    #expect(bench.votes.isEmpty)
  }

  @Test("C14: a block whose time is further ahead than the allowed drift is refused; at the limit it is taken")
  func timeAhead() throws {
    for (ahead, isTaken) in [(Limits.clockDriftMilliseconds, true), (Limits.clockDriftMilliseconds + 1, false)] {
      let bench = try bench()
      let block = bench.block(at: bench.now.wall.advanced(byMilliseconds: ahead))
      try bench.propose(block, view: 1)
      #expect(bench.votes == (isTaken ? [.notarize(bench.proposal(block, view: 1))] : [bench.nullify(1)]))
      #expect(bench.rejections == (isTaken ? [] : ["block.time-ahead"]))
    }
    let bench = try bench()
    try bench.propose(bench.block(at: Timestamp(.max)), view: 1)
    #expect(bench.rejections == ["block.time-ahead"])
  }

  @Test("E8: a transaction twice in one block is refused")
  func twiceInOneBlock() throws {
    let bench = try bench()
    let transaction = try bench.transaction()
    try bench.propose(bench.block([transaction, transaction]), view: 1)
    #expect(bench.rejections == ["block.repeated-transaction"])
    #expect(bench.votes == [bench.nullify(1)])
  }

  @Test("E8: a transaction in a second block is refused, also after a restart", arguments: [false, true])
  func twiceAcrossBlocks(isRestarted: Bool) throws {
    let bench = try bench()
    let transaction = try bench.transaction()
    let first = bench.block([transaction])
    try bench.propose(first, view: 1)
    let point = try bench.points([first])[0]
    let proposal = bench.proposal(first, view: 1)
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    bench.receive(
      .certificate(try bench.certificate(.finalize(proposal, result: point.result), by: [1, 2, 3])), from: 1)
    #expect(bench.commits.count == 1)
    if isRestarted { try bench.restart() }
    try bench.propose(bench.block([transaction], on: point), view: 2, parent: 1)
    #expect(bench.rejections == ["block.transaction-refused"])
    if case .failure(.inadmissible(.alreadyApplied)) = bench.submit(transaction) {
      Issue.record("an applied transaction that is sent again is not an error")
    }
    #expect(bench.replica.standing.poolTransactions == 0)
  }

  @Test("a block with a transaction whose signature does not hold is refused")
  func badSignature() throws {
    let bench = try bench()
    let stranger = bench.ring.makeKey()
    let unknownKey = try bench.transaction(key: stranger)
    try bench.propose(bench.block([unknownKey]), view: 1)
    #expect(bench.rejections == ["block.transaction-refused"])

    let other = try self.bench()
    let good = try other.transaction()
    // The sound form in the pool does not vouch for other signature bytes.
    other.submit(good)
    try other.propose(other.block([other.spoiled(good)]), view: 1)
    #expect(other.rejections == ["transaction.bad-signature"])
    #expect(other.votes == [other.nullify(1)])
  }

  @Test("C13: a leader that signs many proposals of one view fills no memory")
  func manyProposals() throws {
    let bench = try bench()
    for _ in 0..<200 {
      let block = bench.block([try bench.transaction()])
      try bench.propose(block, view: 1)
    }
    #expect(bench.replica.chain.tree.count <= 1)
    #expect(bench.replica.work.isEmpty)
    #expect(bench.notices.contains { if case .equivocated = $0 { true } else { false } })
  }

  @Test("a second proposal that a quorum notarized is fetched")
  func otherNotarized() throws {
    let bench = try bench()
    let first = bench.block([try bench.transaction()])
    let second = bench.block([try bench.transaction()])
    try bench.propose(first, view: 1)
    try bench.propose(second, view: 1)
    bench.forgetSent()
    let proposal = bench.proposal(second, view: 1)
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    #expect(bench.sent.contains { $0.message == .fetchBlock(second.digest) })
    bench.receive(.block(second.bytes), from: 1)
    let result = try bench.points([second])[0].result
    // It equivocated, so nothing is finalized, but the next view may build on the block.
    #expect(!bench.votes.contains(.finalize(proposal, result: result)))
    #expect(bench.replica.standing.view == View(2))
  }
}

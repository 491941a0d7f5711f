import Consensus
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("From one epoch to the next")
final class EpochChangeTests: EpochHistory {
  // MARK: The end of an epoch

  @Test("V1: R34, R35: nothing is built on a block that ends the epoch; it is proposed again, and notarized again")
  func proposedAgain() throws {
    try certifyClosing()
    harness.forgetSent()
    // The leader of view 3 builds on it.
    let child = harness.block([try harness.transaction()], on: points[1])
    try harness.propose(child, view: 3, parent: 2)
    #expect(harness.rejections == ["block.after-closing"])
    #expect(harness.blame == ["block.after-closing"])
    #expect(!harness.votes.contains { $0.kind == .notarize })
    // View 3 is given up, and the leader of view 4 does what it must.
    harness.receive(.certificate(try harness.certificate(harness.nullify(3), by: harness.others)), from: 1)
    harness.forgetSent()
    try harness.propose(blocks[1], view: 4, parent: 2)
    let again = harness.proposal(blocks[1], view: 4, parent: 2)
    #expect(harness.votes.contains(.notarize(again)))
    // One digest is final in the view of either, with the same result.
    try harness.certify(blocks[1], view: 4, parent: 2)
    #expect(harness.votes.contains(.finalize(again, result: points[1].result)))
    harness.receive(
      .certificate(try harness.finalization(blocks[1], points[1], view: 4, parent: 2)), from: 1)
    #expect(harness.commits.map(\.block.digest) == blocks.map(\.digest))
    #expect(begun == [Epoch(1)])
  }

  @Test(
    "R34: another block than the one that ends the epoch cannot take its parent's place, nor an ordinary one be repeated"
  )
  func otherwise() throws {
    try harness.finalize([blocks[0]])
    try harness.propose(blocks[0], view: 2, parent: 1)
    #expect(harness.rejections == ["block.repeated"])
  }

  @Test("V1: R34: where the view of the closing is given up, a competitor is legal, and the closing is taken back")
  func takenBack() throws {
    try certifyClosing()
    harness.receive(.certificate(try harness.certificate(harness.nullify(2), by: harness.others)), from: 1)
    let other = harness.block([try harness.transaction()], on: points[0])
    try harness.propose(other, view: 3, parent: 1)
    try harness.certify(other, view: 3, parent: 1)
    let point = try harness.points([blocks[0], other])[1]
    harness.receive(.certificate(try harness.finalization(other, point, view: 3, parent: 1)), from: 1)
    #expect(harness.commits.map(\.block.digest) == [blocks[0].digest, other.digest])
    #expect(begun.isEmpty && round == Round(epoch: .first, view: View(4)))
    // The transaction comes again.
    let ended = blocks[1]
    let again = harness.block([SignedTransaction(ended.transaction(at: 0))], on: point)
    try harness.propose(again, view: 4, parent: 3)
    try harness.certify(again, view: 4, parent: 3)
    let last = try harness.points([blocks[0], other, again])[2]
    harness.receive(.certificate(try harness.finalization(again, last, view: 4, parent: 3)), from: 1)
    #expect(begun == [Epoch(1)])
  }

  @Test("V1: R36: a second finalization of the closing, of another view, changes nothing")
  func severalViews() throws {
    try close()
    let records = harness.log.count
    harness.epoch = .first
    harness.receive(.certificate(try harness.finalization(blocks[1], points[1], view: 5, parent: 2)), from: 2)
    #expect(harness.stopReason == nil && harness.log.count == records)
    #expect(round == Round(epoch: Epoch(1), view: View(1)))
  }

  // MARK: The beginning

  @Test(
    "V2: R37: the next epoch begins when its closing is committed, with its own time-out, and nothing more is signed in the last"
  )
  func begins() throws {
    try certifyClosing()
    #expect(begun.isEmpty)
    harness.forgetSent()
    harness.receive(.certificate(closing), from: 1)
    #expect(begun == [Epoch(1)] && round == Round(epoch: Epoch(1), view: View(1)))
    let delta = harness.replica.context.configuration.delta
    #expect(delta == 300_000)
    #expect(harness.commits.last?.closing?.epoch == .first)
    #expect(harness.commits.last?.closing?.configuration.leaderTimeoutMilliseconds == 300)
    harness.forgetSent()
    // What would make it vote in the ended epoch.
    try harness.propose(blocks[1], view: 3, parent: 2)
    harness.receive(.certificate(try harness.certificate(harness.nullify(3), by: harness.others)), from: 1)
    harness.run(milliseconds: 20_000)
    #expect(!harness.votes.isEmpty)
    #expect(harness.votes.allSatisfy { $0.epoch == Epoch(1) })
  }

  @Test("R37: the leader of the first view sends what ended the last epoch ahead of its proposal")
  func opens() throws {
    // It leads view 6 of epoch 1.
    try close()
    for view in UInt64(1)...5 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: harness.others)), from: 1)
    }
    harness.forgetSent()
    harness.submit(try harness.transaction())
    let kinds = harness.sent.filter { $0.to == .all }.map(\.message.kind)
    let proposal = try #require(kinds.firstIndex(of: .proposal))
    #expect(harness.sent.filter { $0.to == .all }.prefix(proposal).map(\.message).contains(.certificate(closing)))
  }

  @Test("R38: an epoch that nothing opened is work, and a leader without transactions opens it with an empty block")
  func emptyOpening() throws {
    try close()
    var isOpen = harness.replica.hasOpenWork
    #expect(isOpen)
    for view in UInt64(1)...5 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: harness.others)), from: 1)
    }
    harness.forgetSent()
    harness.run(milliseconds: 2000)
    let blocks = harness.sent.compactMap { entry -> Block? in
      guard case .proposal(_, let bytes) = entry.message else { return nil }
      return try? Block(bytes: bytes, chain: harness.population.chain, hash: &harness.hash)
    }
    let block = try #require(blocks.first)
    #expect(block.count == 0 && block.header.parent == points[1].block)
    try harness.certify(block, view: 6)
    let point = try harness.points(self.blocks + [block])[2]
    harness.receive(.certificate(try harness.finalization(block, point, view: 6)), from: 1)
    isOpen = harness.replica.hasOpenWork
    #expect(!isOpen)
  }

  @Test(
    "R42: a node that does not know the rules of an epoch commits and serves what leads there, and stops before it votes"
  )
  func unknownRules() throws {
    let next = LedgerState.knownRules.upperBound + 1
    let newer = harness.block(
      [
        try harness.transaction(
          [.parameterSet(.rulesVersion, to: UInt64(next), configuration: points[0].above.configuration)],
          of: Population.administrator)
      ], on: points[0])
    let point = try harness.points([blocks[0], newer])[1]
    try harness.finalize([blocks[0]])
    try harness.propose(newer, view: 2, parent: 1)
    try harness.certify(newer, view: 2, parent: 1)
    #expect(harness.stopReason == nil)
    let closing = try harness.finalization(newer, point, view: 2, parent: 1)
    harness.receive(.certificate(closing), from: 1)
    let reason = StopReason.rulesUnknown(next, newest: next - 1)
    #expect(harness.stopReason == reason && reason.code == "node.rules-unknown")
    for isRestarted in [false, true] {
      if isRestarted {
        harness.forgetSent()
        try harness.restart()
        // It says so again.
        #expect(harness.notices.contains { if case .stoppedVoting(reason) = $0 { true } else { false } })
      }
      harness.forgetSent()
      harness.run(milliseconds: 20_000)
      #expect(harness.stopReason == reason)
      #expect(harness.votes.isEmpty)
      harness.receive(.vote(try harness.vote(harness.nullify(3), by: 3)), from: 3)
      #expect(sent(to: 3).contains(.certificate(closing)))
    }
  }

  // MARK: Peers in other epochs

  @Test("V2: R39: a peer that is in an ended epoch gets its closing's finalization, once in a retry interval")
  func behind() throws {
    try close()
    let certificate = PeerMessage.certificate(closing)
    harness.epoch = .first
    harness.forgetSent()
    for _ in 0..<3 {
      for _ in 0..<100 {
        harness.receive(.vote(try harness.vote(harness.nullify(3), by: 3)), from: 3)
        harness.receive(
          .status(PeerStatus(epoch: .first, view: View(3), finalizedView: View(1), height: Height(1))), from: 4)
        harness.receive(.fetchCertificates(of: .first, from: View(1), to: View(2)), from: 5)
      }
      for peer in 3...5 { #expect(sent(to: peer).filter { $0 == certificate }.count == 1, "\(peer)") }
      harness.forgetSent()
      harness.advance(milliseconds: 300)
      harness.forgetSent()
    }
    #expect(harness.requests.isEmpty)
  }

  @Test("V2: R40: a message of a later epoch is no error, and gets this node's status, once in a retry interval")
  func ahead() throws {
    try harness.finalize([blocks[0]])
    for epoch in [Epoch(1), Epoch(7), Epoch(.max)] {
      harness.epoch = epoch
      harness.advance(milliseconds: 300)
      harness.forgetSent()
      for _ in 0..<100 {
        harness.receive(.vote(try harness.vote(harness.nullify(1), by: 3)), from: 3)
        harness.receive(
          .status(PeerStatus(epoch: epoch, view: View(.max), finalizedView: View(.max), height: Height(.max))), from: 3)
        harness.receive(.certificate(try harness.certificate(harness.nullify(1), by: harness.others)), from: 3)
      }
      let statuses = sent(to: 3).filter { $0.kind == .status }
      #expect(statuses.count == 1 && sent(to: 3).count == 1)
      #expect(harness.blame.isEmpty)
    }
    #expect(round == Round(epoch: .first, view: View(2)) && harness.requests.isEmpty)
  }

  @Test("R40: the proposal and votes of the next epoch that came too early are used when it begins")
  func early() throws {
    try certifyClosing()
    harness.epoch = Epoch(1)
    let block = harness.block([try harness.transaction()], on: points[1])
    // Far more than is kept.
    for view in UInt64(3)...40 { harness.receive(.vote(try harness.vote(harness.nullify(view), by: 3)), from: 3) }
    try harness.propose(block, view: 1)
    let proposal = harness.proposal(block, view: 1)
    for peer in [1, 2, 4] where peer != harness.leader(of: 1) {
      harness.receive(.vote(try harness.vote(.notarize(proposal), by: peer)), from: peer)
    }
    #expect(!harness.votes.contains { $0.epoch == Epoch(1) })
    let kept = harness.replica.shelf.bytes
    #expect(kept > block.bytes.count && kept < block.bytes.count + 512)
    harness.epoch = .first
    harness.receive(.certificate(closing), from: 1)
    #expect(harness.votes.contains(.notarize(proposal)))
    let left = harness.replica.shelf.bytes
    #expect(left == 0)
    // With its own vote and one more it is a quorum of five.
    harness.epoch = Epoch(1)
    harness.receive(.vote(try harness.vote(.notarize(proposal), by: 5)), from: 5)
    #expect(round == Round(epoch: Epoch(1), view: View(2)))
  }

  @Test(
    "R40: what is kept of the next epoch is bounded, whoever fills it keeps no votes of others away, and it goes with the link"
  )
  func shelf() throws {
    var shelf = EpochShelf()
    let frame = [UInt8](repeating: 0, count: 1 << 20)
    for peer in UInt16(0)..<20 {
      for _ in 0..<4 { shelf.put(frame, isProposal: true, from: PeerID(peer)) }
      for number in UInt8(0)..<4 { shelf.put([number], isProposal: false, from: PeerID(peer)) }
    }
    #expect(shelf.bytes == Limits.shelfBytes)
    var other = shelf
    #expect(other.takeAll().map(\.frame.count).filter { $0 == 1 }.count == 40)
    for peer in UInt16(1)..<20 { shelf.disconnect(PeerID(peer)) }
    #expect(shelf.bytes == frame.count)
    #expect(shelf.takeAll().map(\.frame) == [frame, [2], [3]])
    #expect(shelf.bytes == 0)
    for peer in UInt16(0)..<8 { shelf.put(frame, isProposal: true, from: PeerID(peer)) }
    shelf.put([1, 2], isProposal: true, from: PeerID(50))
    #expect(shelf.bytes == 7 * frame.count + 2 && shelf.takeAll().last?.frame == [1, 2])
  }

  @Test("R39: a node that was away is led from epoch to epoch by the certificates of peers, and catches up")
  func laggard() throws {
    harness.receive(
      .status(PeerStatus(epoch: Epoch(1), view: View(1), finalizedView: .genesis, height: Height(2))), from: 2)
    harness.receive(.certificate(closing), from: 2)
    // It knows nothing of the blocks yet.
    #expect(begun.isEmpty)
    harness.run(milliseconds: 500)
    let asked = harness.sent.filter { $0.message.kind == .fetchRange }
    #expect(!asked.isEmpty)
    let range = BlockRange(blocks: blocks.map(\.bytes), headers: [], finalization: closing)
    for peer in 1...6 { harness.receive(.range(range), from: peer) }
    #expect(harness.commits.map(\.block.digest) == blocks.map(\.digest))
    #expect(begun == [Epoch(1)])
  }
}

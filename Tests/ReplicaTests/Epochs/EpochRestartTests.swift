import Consensus
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("What a node has of an epoch after a restart or a loss")
final class EpochRestartTests: EpochHistory {
  // MARK: Restarts

  @Test("V5: R41: after a crash at any record the node is in the epoch whose closing it has, and goes on")
  func crash() throws {
    try close()
    let block = harness.block([try harness.transaction()], on: points[1])
    try harness.propose(block, view: 1)
    try harness.certify(block, view: 1)
    let point = try harness.points(blocks + [block])[2]
    harness.receive(.certificate(try harness.finalization(block, point, view: 1)), from: 1)
    let log = harness.log
    let committed = harness.commits.count
    #expect(committed == 3)
    for count in stride(from: log.count, through: 1, by: -1) {
      let harness = try ReplicaHarness(validators: 7, own: 0)
      try harness.adopt(Array(log.prefix(count)))
      let before = harness.replica.status
      let isOver = before.committed.height >= Height(2)
      #expect(before.epoch == (isOver ? Epoch(1) : .first), "\(count) records")
      // A vote of the new epoch in the log proves that the closing is there (E15 in the crash table).
      let hasVoted = log.prefix(count).contains { record in
        record.kind == .vote && (try? Vote(payload: record.payload))?.statement.epoch == Epoch(1)
      }
      #expect(!hasVoted || isOver, "\(count) records")
      // Peers lead it to where they are.
      let range = BlockRange(blocks: blocks.map(\.bytes), headers: [], finalization: closing)
      harness.receive(.certificate(closing), from: 1)
      harness.run(milliseconds: 500)
      for peer in 1...6 { harness.receive(.range(range), from: peer) }
      harness.epoch = Epoch(1)
      let last = try harness.finalization(block, point, view: 1)
      harness.receive(.certificate(last), from: 1)
      harness.run(milliseconds: 500)
      for peer in 1...6 {
        harness.receive(.range(BlockRange(blocks: [block.bytes], headers: [], finalization: last)), from: peer)
      }
      let after = harness.replica.status
      #expect(after.committed.block == block.digest, "\(count) records")
      #expect(harness.stopReason == nil, "\(count) records")
    }
  }

  @Test(
    "R41: a log that lost the finalization of a closing is replayed across it, and the closing is fetched from peers")
  func lostClosing() throws {
    try close()
    let known = try #require(harness.commits.last?.closing)
    let block = harness.block([try harness.transaction()], on: points[1])
    try harness.propose(block, view: 1)
    try harness.certify(block, view: 1)
    let point = try harness.points(blocks + [block])[2]
    harness.receive(.certificate(try harness.finalization(block, point, view: 1)), from: 1)
    let isLost = { (record: PendingRecord) in
      record.kind == .certificate && (try? Certificate(payload: record.payload)) == self.closing
    }
    #expect(harness.log.contains(where: isLost))
    let other = try ReplicaHarness(validators: 7, own: 0)
    try other.adopt(harness.log.filter { !isLost($0) })
    let status = other.replica.status
    #expect(status.epoch == Epoch(1) && status.committed.block == block.digest)
    other.run(milliseconds: 5000)
    let asked = other.sent.compactMap { entry -> Audience? in
      if case .fetchClosings(from: .first) = entry.message { entry.to } else { nil }
    }
    guard case .peer(let peer)? = asked.last else {
      Issue.record("nobody is asked")
      return
    }
    other.receive(.closings(Closings([known])), from: Int(peer.rawValue))
    let all = other.replica.chain.closings.all
    #expect(all == [known] && other.blame.isEmpty)
  }

  @Test(
    "V5: R33, R41: own votes of an epoch that damage hid are not forgotten: the node listens, and says nothing else there"
  )
  func hiddenVotes() throws {
    try close()
    let block = harness.block([try harness.transaction()], on: points[1])
    try harness.propose(block, view: 1)
    #expect(harness.votes.contains(.notarize(harness.proposal(block, view: 1))))
    let other = try ReplicaHarness(validators: 7, own: 0)
    try other.adopt(
      harness.log.filter { record in
        record.kind != .certificate || (try? Certificate(payload: record.payload)) != self.closing
      })
    let before = other.replica.status
    #expect(before.epoch == .first && other.isListening)
    other.receive(.certificate(closing), from: 1)
    other.epoch = Epoch(1)
    let after = other.replica.status
    #expect(after.epoch == Epoch(1) && other.isListening)
    let second = other.block([try other.transaction(), try other.transaction()], on: points[1])
    try other.propose(second, view: 1)
    other.run(milliseconds: 20_000)
    // Those of the ended epoch that it has are said again.
    #expect(other.votes.allSatisfy { $0.epoch == .first && harness.votes.contains($0) })
    #expect(other.stopReason == nil)
  }

  @Test("R36: a closing that is known and another one than that of the blocks stops the node")
  func otherClosing() throws {
    var changes = Chain.Changes()
    var chain = Chain(ledger: LedgerState(genesis: harness.population.genesis))
    for block in blocks {
      chain.tree.insert(block, isLogged: true)
      try chain.execute(block.digest, &changes)
    }
    let execution = try #require(chain.tree[blocks[1].digest]?.execution)
    var other = Closing(result: execution.result, certificate: closing, configuration: chain.ledger.configuration)
    other.result.outcomeRoot = .zero
    chain.closings.note(other)
    #expect(throws: Chain.Fault.self) { try chain.commit(closing, &changes) }
    #expect(changes.commits.isEmpty)
  }

  @Test("R27: an own vote of the running epoch that the log lacks stops the node; one of an ended epoch means nothing")
  func keyElsewhere() throws {
    try close()
    harness.epoch = .first
    harness.receive(.vote(try harness.vote(harness.nullify(3), by: 0)), from: 3)
    harness.receive(.certificate(try harness.certificate(harness.nullify(3), by: [0, 1, 2, 3, 4])), from: 3)
    #expect(harness.stopReason == nil)
    harness.epoch = Epoch(1)
    harness.receive(.certificate(try harness.certificate(harness.nullify(1), by: [0, 1, 2, 3, 4])), from: 3)
    #expect(harness.stopReason != nil)
  }

  // MARK: Listening

  /// A node whose directory was lost, and which has heard that the others are in view 1 of epoch 0.
  private func listener() throws -> ReplicaHarness {
    let harness = try ReplicaHarness(validators: 7, own: 0, origin: .joined)
    #expect(harness.isListening)
    for peer in 1...6 {
      harness.receive(
        .status(PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: .genesis)), from: peer)
    }
    #expect(!harness.isListening)
    return harness
  }

  @Test(
    "V5: R43: a bar of the ended epoch does not serve the next if nothing else is final above it: the node listens again"
  )
  func barEnds() throws {
    let harness = try listener()
    // It votes, but nobody may count on it in the next epoch yet, also after a restart.
    for _ in 0..<2 {
      let listening = harness.replica.listeningKeys
      #expect(!harness.isListening && listening.count == 1)
      try harness.restart()
    }
    // The bar is view 3: everything is final below or ends the epoch.
    try harness.finalize([blocks[0]])
    try harness.propose(blocks[1], view: 4, parent: 1)
    for view in UInt64(2)...3 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: harness.others)), from: 1)
    }
    try harness.propose(blocks[1], view: 4, parent: 1)
    try harness.certify(blocks[1], view: 4, parent: 1)
    harness.receive(.certificate(try harness.finalization(blocks[1], points[1], view: 4, parent: 1)), from: 1)
    let status = harness.replica.status
    #expect(status.epoch == Epoch(1))
    #expect(harness.isListening)
    // Also after a restart.
    try harness.restart()
    #expect(harness.isListening)
    harness.forgetSent()
    harness.run(milliseconds: 10_000)
    #expect(harness.votes.isEmpty)
    // Reports about the new epoch end it; those about the last do not.
    for epoch in [Epoch.first, Epoch(1)] {
      #expect(harness.isListening)
      for peer in 1...6 {
        harness.receive(
          .status(PeerStatus(epoch: epoch, view: View(1), finalizedView: .genesis, height: Height(2))), from: peer)
      }
    }
    #expect(!harness.isListening)
  }

  /// When the node is started again.
  enum Restart: CaseIterable { case never, beforeTheEnd, afterTheEnd }

  @Test("R43: a bar above which an ordinary block is final serves all later epochs", arguments: Restart.allCases)
  func barServes(_ restart: Restart) throws {
    let harness = try listener()
    for view in UInt64(1)...3 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: harness.others)), from: 1)
    }
    try harness.propose(blocks[0], view: 4)
    try harness.certify(blocks[0], view: 4)
    harness.receive(.certificate(try harness.finalization(blocks[0], points[0], view: 4)), from: 1)
    if restart == .beforeTheEnd { try harness.restart() }
    let listening = harness.replica.listeningKeys
    #expect(listening.isEmpty)
    try harness.propose(blocks[1], view: 5, parent: 4)
    try harness.certify(blocks[1], view: 5, parent: 4)
    harness.receive(.certificate(try harness.finalization(blocks[1], points[1], view: 5, parent: 4)), from: 1)
    let status = harness.replica.status
    #expect(status.epoch == Epoch(1))
    if restart == .afterTheEnd { try harness.restart() }
    #expect(!harness.isListening)
    harness.forgetSent()
    harness.run(milliseconds: 10_000)
    #expect(harness.votes.contains(.nullify(epoch: Epoch(1), view: View(1))))
  }

  @Test("R43: a bar is over, too, if the block above it is one that the snapshot covers", arguments: [false, true])
  func barBelowSnapshot(isInLog: Bool) throws {
    let harness = try listener()
    for view in UInt64(1)...3 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: harness.others)), from: 1)
    }
    try harness.propose(blocks[0], view: 4)
    try harness.certify(blocks[0], view: 4)
    let finalization = try harness.finalization(blocks[0], points[0], view: 4)
    harness.receive(.certificate(finalization), from: 1)
    var state = LedgerState(genesis: harness.population.genesis)
    let result = try state.execute(blocks[0]).result
    state.settle(upTo: Height(1))
    let proof = CertifiedBlock(header: blocks[0].header, result: result, descendants: [], certificate: finalization)
    var restoration = Restoration(
      genesis: harness.population.genesis, state: LoadedState(ledger: state, proof: proof))
    let end = isInLog ? harness.log.count : harness.log.firstIndex { $0.kind == .votingBar }.map { $0 + 1 } ?? 0
    for (place, record) in harness.log.prefix(end).enumerated() {
      _ = try restoration.apply(
        kind: record.kind.rawValue, payload: record.payload, at: LogPosition(UInt64(place + 1)))
    }
    _ = restoration.finish()
    let (bar, mustListen) = (restoration.votingBar?.round, restoration.mustListen)
    #expect(bar == .genesis && !mustListen)
  }

  @Test("R41: a snapshot of the block that ended an epoch brings that closing with it", arguments: [false, true])
  func snapshotOfClosing(thenRestarted: Bool) throws {
    var state = LedgerState(genesis: harness.population.genesis)
    _ = try state.execute(blocks[0])
    let result = try state.execute(blocks[1]).result
    state.settle(upTo: Height(2))
    let proof = CertifiedBlock(header: blocks[1].header, result: result, descendants: [], certificate: closing)
    if thenRestarted {
      let restoration = Restoration(
        genesis: harness.population.genesis, state: LoadedState(ledger: state, proof: proof))
      let (all, epoch) = (restoration.closings.all, restoration.validators.epoch)
      #expect(all.map(\.block) == [blocks[1].digest] && epoch == Epoch(1))
    } else {
      harness.install(LoadedState(ledger: state, proof: proof))
      #expect(begun == [Epoch(1)])
      let all = harness.replica.chain.closings.all
      #expect(all.map(\.block) == [blocks[1].digest])
      harness.epoch = .first
      harness.receive(.vote(try harness.vote(harness.nullify(3), by: 3)), from: 3)
      #expect(sent(to: 3).contains(.certificate(closing)))
    }
  }

  // MARK: Fetching closings

  @Test("Closings are given from any epoch on, and only as many as there are")
  func served() throws {
    try close()
    harness.forgetSent()
    harness.receive(.fetchClosings(from: .first), from: 3)
    let known = try #require(harness.commits.last?.closing)
    #expect(sent(to: 3) == [.closings(Closings([known]))])
    for epoch in [Epoch(1), Epoch(9), Epoch(.max)] { harness.receive(.fetchClosings(from: epoch), from: 4) }
    #expect(sent(to: 4).isEmpty && harness.blame.isEmpty)
  }

  @Test("Closings that nobody asked for are not used")
  func unasked() throws {
    try close()
    let known = try #require(harness.commits.last?.closing)
    let other = try ReplicaHarness(validators: 7, own: 0)
    other.receive(.closings(Closings([known])), from: 3)
    let isEmpty = other.replica.chain.closings.all.isEmpty
    #expect(other.requests.isEmpty && isEmpty)
  }
}

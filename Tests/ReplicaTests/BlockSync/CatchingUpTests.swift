import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Catching up")
struct CatchingUpTests {
  private struct Scene {
    var harness: ReplicaHarness
    var blocks: [Block]
    var points: [ChainPoint]

    /// The finalization of the block at `height`, proposed in the view of the same number.
    func finalization(_ height: Int, by signers: [Int] = [1, 2, 3]) throws -> Certificate {
      let proposal = harness.proposal(blocks[height - 1], view: UInt64(height), parent: UInt64(height - 1))
      return try harness.certificate(.finalize(proposal, result: points[height - 1].result), by: signers)
    }

    /// Heights `from...to`, proven by the finalization of `certified`.
    func range(_ from: Int, _ to: Int, certified: Int) throws -> BlockRange {
      let headers = blocks[to..<certified].map { Array($0.bytes.prefix(BlockHeader.byteCount)) }
      return BlockRange(
        blocks: blocks[from - 1..<to].map(\.bytes), headers: Array(headers), finalization: try finalization(certified))
    }
  }

  /// A node at genesis that learned that height `target` is final, and the chain it lacks.
  private func scene(
    _ count: Int = 8, target: Int? = 8, backlog: LogBacklog.Bounds = LogBacklog.Bounds()
  ) throws -> Scene {
    let harness = try ReplicaHarness(validators: 4, own: 0, backlog: backlog)
    let blocks = try harness.chain(count)
    let scene = Scene(harness: harness, blocks: blocks, points: try harness.points(blocks))
    if let target { harness.receive(.certificate(try scene.finalization(target)), from: 1) }
    return scene
  }

  /// Whom it asked last, and from which height on.
  private func question(_ harness: ReplicaHarness) -> (peer: Int, from: Height)? {
    for entry in harness.sent.reversed() {
      if case .fetchRange(let from) = entry.message, case .peer(let peer) = entry.to {
        return (Int(peer.rawValue), from)
      }
    }
    return nil
  }

  /// Whom it asked for ranges, in order.
  private func asked(_ harness: ReplicaHarness) -> [Int] {
    harness.sent.compactMap { entry in
      if case .fetchRange = entry.message, case .peer(let peer) = entry.to { Int(peer.rawValue) } else { nil }
    }
  }

  @Test("a chain is fetched in parts, executed and committed up to the certified target")
  func inParts() throws {
    let scene = try scene()
    let harness = scene.harness
    for (from, to) in [(1, 3), (4, 7), (8, 8)] {
      let asked = try #require(question(harness))
      #expect(asked.from == Height(UInt64(from)))
      harness.receive(.range(try scene.range(from, to, certified: 8)), from: asked.peer)
    }
    #expect(harness.commits.map(\.block.digest) == scene.blocks.map(\.digest))
    #expect(harness.replica.status.committed.result == scene.points[7].result)
    #expect(harness.replica.status.view == View(9))
    #expect(harness.blame.isEmpty)
  }

  @Test("a block that became final while its leader's signature was checked is committed without requesting it")
  func overtakenProposal() throws {
    let scene = try scene(1, target: nil)
    let harness = scene.harness
    harness.areWorkersPrompt = false
    try harness.propose(scene.blocks[0], view: 1)
    let proposal = try #require(harness.requests.first)
    harness.receive(.certificate(try scene.finalization(1)), from: 2)
    harness.verify(try #require(harness.requests.last))
    #expect(harness.commits.isEmpty)
    harness.verify(proposal)
    #expect(harness.commits.map(\.block.digest) == [scene.blocks[0].digest])
  }

  @Test("a peer that has no more blocks says so, and the next one is asked within milliseconds")
  func peerWithoutBlocks() throws {
    let scene = try scene()
    let harness = scene.harness
    #expect(asked(harness) == [1, 2])
    harness.forgetSent()
    let status = PeerStatus(epoch: .first, view: View(1), finalizedView: View(0), height: .genesis)
    harness.receive(.status(status), from: 1)
    #expect(question(harness) == nil)
    harness.run(milliseconds: 15)
    #expect(asked(harness) == [3])
    // The other side: asked for what it does not have, a node answers where it stands.
    harness.forgetSent()
    harness.receive(.fetchRange(from: Height(1)), from: 2)
    let answers = harness.sent.filter { $0.to == .peer(PeerID(2)) }
    let standing = harness.replica.status
    let own = PeerStatus(
      epoch: .first, view: standing.view, finalizedView: standing.finalizedView, height: standing.committed.height)
    #expect(answers.map(\.message) == [.status(own)])
  }

  @Test("S1: heights that peers report never move the target, whether high or low")
  func reportedHeights() throws {
    let scene = try scene(target: nil)
    for height in [UInt64.max, 1_000_000, 0] {
      for peer in 1...3 {
        scene.harness.receive(
          .status(PeerStatus(epoch: .first, view: View(height), finalizedView: View(height), height: Height(height))),
          from: peer)
      }
    }
    scene.harness.run(milliseconds: 20_000)
    #expect(question(scene.harness) == nil)
    #expect(scene.harness.replica.status.view == View(1))
    #expect(scene.harness.log.count == 1)
  }

  @Test("S2: a range without a valid certificate commits nothing and is blamed", arguments: 0..<7)
  func unprovenRange(kind: Int) throws {
    let scene = try scene()
    let harness = scene.harness
    let asked = try #require(question(harness))
    var range = try scene.range(1, 4, certified: 8)
    var expected = "sync.not-final"
    switch kind {
    case 0:
      range.finalization.signatures[1] = range.finalization.signatures[0]
      expected = "certificate.bad-signature"
    case 1:
      range.finalization = try scene.finalization(8, by: [1, 2])
      expected = "certificate.no-quorum"
    case 2:
      // Every validator: one signature more than a quorum is another encoding of the same proof.
      range.finalization = try scene.finalization(8, by: [0, 1, 2, 3])
      expected = "certificate.no-quorum"
    case 3: range.finalization = try scene.finalization(7)
    case 4: range.headers.removeLast()
    case 5:
      range.headers.remove(at: 1)
      expected = "sync.broken-chain"
    default:
      range.blocks[2][BlockHeader.byteCount - 1] ^= 1
      expected = "sync.malformed"
    }
    harness.receive(.range(range), from: asked.peer)
    #expect(harness.blame == [expected])
    #expect(harness.commits.isEmpty)
    // Another peer was asked at the same time, or is asked at once, and helps.
    #expect(Set(self.asked(harness)) == [1, 2, 3])
    harness.receive(.range(try scene.range(1, 8, certified: 8)), from: 3)
    #expect(harness.commits.count == 8)
  }

  @Test("S2: a quorum with a signer outside the set, or a repeated signer, cannot be encoded")
  func foreignSigners() throws {
    let scene = try scene()
    let asked = try #require(question(scene.harness))
    var range = try scene.range(1, 8, certified: 8)
    range.finalization.signers = [ValidatorIndex(1), ValidatorIndex(2), ValidatorIndex(9)]
    scene.harness.receive(.range(range), from: asked.peer)
    #expect(scene.harness.blame == ["certificate.no-quorum"])
    range.finalization.signers = [ValidatorIndex(1), ValidatorIndex(1), ValidatorIndex(2)]
    // A bitmap has no place for a second vote of one signer: the bytes have a signature too many.
    scene.harness.receive(.range(range), from: asked.peer)
    #expect(scene.harness.commits.isEmpty)
    #expect(scene.harness.blame.last == "encoding.trailing-bytes")
  }

  @Test("S3: blocks that are stored already are harmless at every offset")
  func storedBlocks() throws {
    for known in 1...7 {
      let scene = try scene()
      let harness = scene.harness
      harness.receive(.range(try scene.range(1, known, certified: 8)), from: try #require(question(harness)).peer)
      #expect(harness.commits.count == known)
      harness.receive(.range(try scene.range(1, 8, certified: 8)), from: try #require(question(harness)).peer)
      #expect(harness.commits.map(\.height.rawValue) == Array(1...8))
      #expect(harness.log.count { $0.kind == .block } == 8)
      #expect(harness.log.count { $0.kind == .execution } == 8)
      // And again when there is nothing to fetch any more.
      harness.receive(.range(try scene.range(1, 8, certified: 8)), from: 2)
      #expect(harness.commits.count == 8)
      #expect(harness.blame.isEmpty)
    }
  }

  @Test("S5: a late answer after the chain has moved on changes nothing")
  func lateAnswer() throws {
    let scene = try scene()
    let harness = scene.harness
    #expect(asked(harness) == [1, 2])
    harness.areWorkersPrompt = false
    harness.receive(.range(try scene.range(1, 8, certified: 8)), from: 1)
    let slow = try #require(harness.requests.last)
    harness.receive(.range(try scene.range(1, 8, certified: 8)), from: 2)
    harness.verify(try #require(harness.requests.last))
    #expect(harness.commits.count == 8)
    harness.verify(slow)
    #expect(harness.commits.count == 8)
    #expect(harness.stopReason == nil)
    #expect(harness.replica.blockSync.target == nil)
  }

  @Test("a peer that was asked once may answer only once")
  func oneAnswer() throws {
    let scene = try scene()
    let asked = try #require(question(scene.harness))
    scene.harness.areWorkersPrompt = false
    for _ in 0..<100 { scene.harness.receive(.range(try scene.range(1, 8, certified: 8)), from: asked.peer) }
    #expect(scene.harness.requests.count == 1)
    #expect(scene.harness.replica.context.tickets.count == 1)
  }

  @Test(
    "H2: one block behind, a node is level within two retry intervals, whichever peer is silent or lies",
    arguments: 1...3, 0..<4)
  func oneBehind(liar: Int, kind: Int) throws {
    let scene = try scene(1, target: nil)
    let harness = scene.harness
    let start = harness.now.tick
    harness.receive(.certificate(try scene.finalization(1)), from: 1)
    var answered = 0
    let retry = harness.replica.context.configuration.retryInterval
    while harness.commits.isEmpty, harness.now.tick.microseconds(since: start) < 20 * retry {
      let peers = asked(harness)
      while answered < peers.count {
        let peer = peers[answered]
        answered += 1
        guard peer == liar else {
          harness.receive(.range(try scene.range(1, 1, certified: 1)), from: peer)
          continue
        }
        switch kind {
        case 0: break
        case 1:
          harness.receive(
            .status(PeerStatus(epoch: .first, view: View(9), finalizedView: View(8), height: Height(9))), from: peer)
        case 2: harness.receive(.snapshot([1, 2, 3]), from: peer)
        default:
          var forged = try scene.range(1, 1, certified: 1)
          forged.finalization.signatures[0] = forged.finalization.signatures[1]
          harness.receive(.range(forged), from: peer)
        }
      }
      harness.run(milliseconds: 1)
    }
    #expect(harness.commits.count == 1)
    #expect(harness.now.tick.microseconds(since: start) <= 2 * retry)
  }

  @Test("a range that reaches beyond the target ends catching up")
  func beyondTarget() throws {
    let scene = try scene(8, target: 3)
    let harness = scene.harness
    harness.receive(.range(try scene.range(1, 5, certified: 8)), from: try #require(question(harness)).peer)
    #expect(harness.commits.count == 5)
    #expect(harness.replica.blockSync.target?.view == View(8))
    harness.receive(.range(try scene.range(6, 8, certified: 8)), from: try #require(question(harness)).peer)
    #expect(harness.commits.count == 8)
    #expect(harness.replica.blockSync.target == nil)
  }

  @Test("blocks are fetched only so far ahead of the disk, in number and in bytes", arguments: [true, false])
  func slowDisk(areCounted: Bool) throws {
    let scene = try scene(
      12, target: 12, backlog: areCounted ? LogBacklog.Bounds(blocks: 4) : LogBacklog.Bounds(bytes: 2400))
    let harness = scene.harness
    harness.isDiskPrompt = false
    for from in stride(from: 1, to: 12, by: 3) where question(harness)?.from == Height(UInt64(from)) {
      harness.receive(
        .range(try scene.range(from, from + 2, certified: 12)), from: try #require(question(harness)).peer)
    }
    let reached = harness.commits.count
    #expect(reached == 6)
    harness.forgetSent()
    harness.run(milliseconds: 10_000)
    #expect(question(harness) == nil)
    // What was fetched is durable: the next blocks are asked for at once.
    harness.sync()
    #expect(question(harness)?.from == Height(7))
    harness.receive(.range(try scene.range(7, 12, certified: 12)), from: try #require(question(harness)).peer)
    #expect(harness.commits.count == 12)
  }

  @Test("blocks that leaders propose are not taken without limit either while the disk is slow, and are fetched later")
  func slowDiskFollowing() throws {
    let scene = try scene(8, target: nil, backlog: LogBacklog.Bounds(blocks: 2))
    let harness = scene.harness
    harness.isDiskPrompt = false
    try harness.finalize(Array(scene.blocks.prefix(3)))
    harness.receive(.certificate(try scene.finalization(8)), from: 1)
    #expect(harness.log.count { $0.kind == .block } == 2)
    #expect(harness.commits.count <= 2)
    #expect(harness.replica.load.blocks <= 1)
    #expect(question(harness) == nil)
    harness.isDiskPrompt = true
    harness.sync()
    let asked = try #require(question(harness))
    let from = harness.commits.count + 1
    #expect(asked.from == Height(UInt64(from)))
    harness.receive(.range(try scene.range(from, 8, certified: 8)), from: asked.peer)
    #expect(harness.commits.count == 8)
    #expect(harness.blame.isEmpty)
  }

  @Test("a restart in the middle of catching up continues where the log ends", arguments: 1...12)
  func restart(keeping: Int) throws {
    let scene = try scene()
    let harness = scene.harness
    harness.receive(.range(try scene.range(1, 5, certified: 8)), from: try #require(question(harness)).peer)
    try harness.restart(keeping: min(keeping, harness.log.count))
    harness.receive(.certificate(try scene.finalization(8)), from: 2)
    let asked = try #require(question(harness))
    harness.receive(.range(try scene.range(1, 8, certified: 8)), from: asked.peer)
    #expect(harness.replica.status.committed.height == Height(8))
    #expect(harness.stopReason == nil)
    try harness.restart()
    #expect(harness.replica.status.committed.height == Height(8))
  }

  @Test("C15: a certified result that differs from the node's own stops the node with both digests")
  func otherResult() throws {
    let scene = try scene(target: nil)
    let harness = scene.harness
    let proposal = harness.proposal(scene.blocks[0], view: 1)
    try harness.propose(scene.blocks[0], view: 1)
    let wrong = Digest(6, 6, 6, 6)
    harness.receive(.certificate(try harness.certificate(.finalize(proposal, result: wrong), by: [1, 2, 3])), from: 1)
    #expect(harness.stopReason == .resultDiffers(Height(1), own: scene.points[0].result, certified: wrong))
    #expect(harness.stopReason?.code == "node.result-differs")
    #expect(harness.commits.isEmpty)
    harness.forgetSent()
    harness.run(milliseconds: 5000)
    #expect(harness.votes.isEmpty)
  }

  @Test("C14: a final block is executed whatever the node's clock says")
  func clockPlaysNoPart() throws {
    let scene = try scene()
    let harness = scene.harness
    harness.now.wall = Timestamp(0)
    harness.receive(.range(try scene.range(1, 8, certified: 8)), from: try #require(question(harness)).peer)
    #expect(harness.commits.count == 8)
    try harness.restart()
    #expect(harness.replica.status.committed.height == Height(8))
  }
}

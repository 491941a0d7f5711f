import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Catching up")
struct CatchingUpTests {
  private struct Scene {
    var bench: Bench
    var blocks: [Block]
    var points: [ChainPoint]

    /// The finalization of the block at `height`, proposed in the view of the same number.
    func finalization(_ height: Int, by signers: [Int] = [1, 2, 3]) throws -> Certificate {
      let proposal = bench.proposal(blocks[height - 1], view: UInt64(height), parent: UInt64(height - 1))
      return try bench.certificate(.finalize(proposal, result: points[height - 1].result), by: signers)
    }

    /// Heights `from...to`, proven by the finalization of `certified`.
    func range(_ from: Int, _ to: Int, certified: Int) throws -> BlockRange {
      let headers = blocks[to..<certified].map { Array($0.bytes.prefix(BlockHeader.byteCount)) }
      return BlockRange(
        blocks: blocks[from - 1..<to].map(\.bytes), headers: Array(headers), finalization: try finalization(certified))
    }
  }

  /// A node at genesis that learned that height `target` is final, and the chain it lacks.
  private func scene(_ count: Int = 8, target: Int? = 8) throws -> Scene {
    let bench = try Bench(validators: 4, own: 0)
    let blocks = try bench.chain(count)
    let scene = Scene(bench: bench, blocks: blocks, points: try bench.points(blocks))
    if let target { bench.receive(.certificate(try scene.finalization(target)), from: 1) }
    return scene
  }

  /// Whom it asked last, and from which height on.
  private func question(_ bench: Bench) -> (peer: Int, from: Height)? {
    for entry in bench.sent.reversed() {
      if case .fetchRange(let from) = entry.message, case .peer(let peer) = entry.to {
        return (Int(peer.rawValue), from)
      }
    }
    return nil
  }

  @Test("a chain is fetched in parts, executed and committed up to the certified target")
  func inParts() throws {
    let scene = try scene()
    let bench = scene.bench
    for (from, to) in [(1, 3), (4, 7), (8, 8)] {
      let asked = try #require(question(bench))
      #expect(asked.from == Height(UInt64(from)))
      bench.receive(.range(try scene.range(from, to, certified: 8)), from: asked.peer)
    }
    #expect(bench.commits.map(\.block.digest) == scene.blocks.map(\.digest))
    #expect(bench.replica.standing.committed.result == scene.points[7].result)
    #expect(bench.replica.standing.view == View(9))
    #expect(bench.blame.isEmpty)
  }

  @Test("a block that became final while its leader's signature was checked is committed without asking anybody for it")
  func overtakenProposal() throws {
    let scene = try scene(1, target: nil)
    let bench = scene.bench
    bench.areWorkersPrompt = false
    try bench.propose(scene.blocks[0], view: 1)
    let proposal = try #require(bench.requests.first)
    bench.receive(.certificate(try scene.finalization(1)), from: 2)
    bench.verify(try #require(bench.requests.last))
    #expect(bench.commits.isEmpty)
    bench.verify(proposal)
    #expect(bench.commits.map(\.block.digest) == [scene.blocks[0].digest])
  }

  @Test("a peer that has no more itself says so, and the next one is asked within milliseconds")
  func peerWithoutBlocks() throws {
    let scene = try scene()
    let bench = scene.bench
    let first = try #require(question(bench))
    bench.forgetSent()
    let status = PeerStatus(epoch: .first, view: View(1), finalizedView: View(0), height: .genesis)
    bench.receive(.status(status), from: first.peer)
    #expect(question(bench) == nil)
    bench.run(milliseconds: 15)
    let second = try #require(question(bench))
    #expect(second.peer != first.peer)
    // The other side: asked for what it does not have, a node answers where it stands.
    bench.forgetSent()
    bench.receive(.fetchRange(from: Height(1)), from: 2)
    let answers = bench.sent.filter { $0.to == .peer(ValidatorIndex(2)) }
    #expect(answers.map(\.message) == [.status(bench.replica.status())])
  }

  @Test("S1: heights that peers report move no target, whether high or low")
  func reportedHeights() throws {
    let scene = try scene(target: nil)
    for height in [UInt64.max, 1_000_000, 0] {
      for peer in 1...3 {
        scene.bench.receive(
          .status(PeerStatus(epoch: .first, view: View(height), finalizedView: View(height), height: Height(height))),
          from: peer)
      }
    }
    scene.bench.run(milliseconds: 20_000)
    #expect(question(scene.bench) == nil)
    #expect(scene.bench.replica.standing.view == View(1))
    #expect(scene.bench.log.count == 1)
  }

  @Test("S2: a range without a sound certificate commits nothing and is blamed", arguments: 0..<7)
  func unprovenRange(kind: Int) throws {
    let scene = try scene()
    let bench = scene.bench
    let asked = try #require(question(bench))
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
    bench.receive(.range(range), from: asked.peer)
    #expect(bench.blame == [expected])
    #expect(bench.commits.isEmpty)
    // The next peer is asked at once and helps.
    let next = try #require(question(bench))
    #expect(next.peer != asked.peer)
    bench.receive(.range(try scene.range(1, 8, certified: 8)), from: next.peer)
    #expect(bench.commits.count == 8)
  }

  @Test("S2: a signer outside the set, or twice, cannot be written down as a quorum")
  func foreignSigners() throws {
    let scene = try scene()
    let asked = try #require(question(scene.bench))
    var range = try scene.range(1, 8, certified: 8)
    range.finalization.signers = [ValidatorIndex(1), ValidatorIndex(2), ValidatorIndex(9)]
    scene.bench.receive(.range(range), from: asked.peer)
    #expect(scene.bench.blame == ["certificate.no-quorum"])
    range.finalization.signers = [ValidatorIndex(1), ValidatorIndex(1), ValidatorIndex(2)]
    // A bitmap has no place for a second vote of one signer: the bytes have a signature too many.
    scene.bench.receive(.range(range), from: asked.peer)
    #expect(scene.bench.commits.isEmpty)
    #expect(scene.bench.blame.last == "encoding.trailing-bytes")
  }

  @Test("S3: blocks that are stored already are harmless at every offset")
  func storedBlocks() throws {
    for known in 1...7 {
      let scene = try scene()
      let bench = scene.bench
      bench.receive(.range(try scene.range(1, known, certified: 8)), from: try #require(question(bench)).peer)
      #expect(bench.commits.count == known)
      bench.receive(.range(try scene.range(1, 8, certified: 8)), from: try #require(question(bench)).peer)
      #expect(bench.commits.map(\.height.rawValue) == Array(1...8))
      #expect(bench.log.count { $0.kind == .block } == 8)
      #expect(bench.log.count { $0.kind == .verdict } == 8)
      // And again when there is nothing to fetch any more.
      bench.receive(.range(try scene.range(1, 8, certified: 8)), from: 2)
      #expect(bench.commits.count == 8)
      #expect(bench.blame.isEmpty)
    }
  }

  @Test("S5: a late answer after the chain has moved on changes nothing")
  func lateAnswer() throws {
    let scene = try scene()
    let bench = scene.bench
    let first = try #require(question(bench))
    bench.areWorkersPrompt = false
    bench.receive(.range(try scene.range(1, 8, certified: 8)), from: first.peer)
    let slow = try #require(bench.requests.last)
    bench.run(milliseconds: 1000)
    let second = try #require(question(bench))
    #expect(second.peer != first.peer)
    bench.receive(.range(try scene.range(1, 8, certified: 8)), from: second.peer)
    bench.verify(try #require(bench.requests.last))
    #expect(bench.commits.count == 8)
    bench.verify(slow)
    #expect(bench.commits.count == 8)
    #expect(bench.stopReason == nil)
    #expect(bench.replica.sync.target == nil)
  }

  @Test("a peer that is asked once may answer once")
  func oneAnswer() throws {
    let scene = try scene()
    let asked = try #require(question(scene.bench))
    scene.bench.areWorkersPrompt = false
    for _ in 0..<100 { scene.bench.receive(.range(try scene.range(1, 8, certified: 8)), from: asked.peer) }
    #expect(scene.bench.requests.count == 1)
    #expect(scene.bench.replica.work.count == 1)
  }

  @Test("a range that goes beyond the target ends the catching up")
  func beyondTarget() throws {
    let scene = try scene(8, target: 3)
    let bench = scene.bench
    bench.receive(.range(try scene.range(1, 5, certified: 8)), from: try #require(question(bench)).peer)
    #expect(bench.commits.count == 5)
    #expect(bench.replica.sync.target?.view == View(8))
    bench.receive(.range(try scene.range(6, 8, certified: 8)), from: try #require(question(bench)).peer)
    #expect(bench.commits.count == 8)
    #expect(bench.replica.sync.target == nil)
  }

  @Test("a restart in the middle of catching up goes on where the log ends", arguments: 1...12)
  func restart(keeping: Int) throws {
    let scene = try scene()
    let bench = scene.bench
    bench.receive(.range(try scene.range(1, 5, certified: 8)), from: try #require(question(bench)).peer)
    try bench.restart(keeping: min(keeping, bench.log.count))
    bench.receive(.certificate(try scene.finalization(8)), from: 2)
    let asked = try #require(question(bench))
    bench.receive(.range(try scene.range(1, 8, certified: 8)), from: asked.peer)
    #expect(bench.replica.standing.committed.height == Height(8))
    #expect(bench.stopReason == nil)
    try bench.restart()
    #expect(bench.replica.standing.committed.height == Height(8))
  }

  @Test("C15: a certified result that is not the own one stops the node with both digests")
  func otherResult() throws {
    let scene = try scene(target: nil)
    let bench = scene.bench
    let proposal = bench.proposal(scene.blocks[0], view: 1)
    try bench.propose(scene.blocks[0], view: 1)
    let wrong = Digest(6, 6, 6, 6)
    bench.receive(.certificate(try bench.certificate(.finalize(proposal, result: wrong), by: [1, 2, 3])), from: 1)
    #expect(bench.stopReason == .resultDiffers(Height(1), own: scene.points[0].result, certified: wrong))
    #expect(bench.stopReason?.code == "node.result-differs")
    #expect(bench.commits.isEmpty)
    bench.forgetSent()
    bench.run(milliseconds: 5000)
    #expect(bench.votes.isEmpty)
  }

  @Test("C14: what is final is executed whatever the own clock says")
  func clockPlaysNoPart() throws {
    let scene = try scene()
    let bench = scene.bench
    bench.now.wall = Timestamp(0)
    bench.receive(.range(try scene.range(1, 8, certified: 8)), from: try #require(question(bench)).peer)
    #expect(bench.commits.count == 8)
    try bench.restart()
    #expect(bench.replica.standing.committed.height == Height(8))
  }
}

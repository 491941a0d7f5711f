import BlockLog
import Ledger
import NodeCore
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("Catching up among liars")
struct CatchingUpTests {
  /// A cluster in which node 0 was down while the others reached a height, and now hears only the puppet.
  private func behind(_ heights: Int) -> SimulationHarness {
    let harness = SimulationHarness(validators: 7, puppets: 1)
    harness.kill(0)
    #expect(harness.grow(heights, by: 1))
    harness.connect { from, to in from != 0 && to != 0 }
    harness.cluster.start(harness.cluster.nodes[0])
    harness.run(50_000)
    // Node 0 would first ask peers that still have a link with it.
    for other in 1..<6 { harness.cluster.disconnect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
    harness.cluster.step(harness.cluster.nodes[0], .connected(PeerID(6)))
    return harness
  }

  private func range(
    _ harness: SimulationHarness, _ heights: ClosedRange<Int>, _ finalization: Certificate
  ) -> BlockRange {
    BlockRange(
      blocks: harness.cluster.chain.blocks[heights.lowerBound - 1...heights.upperBound - 1].map(\.bytes), headers: [],
      finalization: finalization)
  }

  @Test("S1: a peer that reports a high height and then a low one never moves the target")
  func claims() throws {
    let harness = behind(10)
    for claim in [UInt64.max, 1 << 40, 12, 3, 0] {
      harness.send(
        .status(PeerStatus(epoch: .first, view: View(claim), finalizedView: View(claim), height: Height(claim))),
        as: 6, to: 0)
      harness.run(100_000)
      let run = try #require(harness.cluster.nodes[0].run)
      #expect(run.replica.blockSync.target == nil)
      #expect(harness.height(0) == 0)
    }
    harness.join()
    for other in 1..<6 { harness.cluster.connect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
    #expect(harness.run(atMost: 5_000_000) { harness.height(0) == 10 })
    #expect(harness.violation == nil)
  }

  @Test("S2, S5: ranges that the certificate does not cover, or that it covers without a quorum, change nothing")
  func forgedRanges() throws {
    let harness = behind(10)
    let sound = try harness.finalization(of: 1)
    harness.send(.certificate(sound), to: 0)
    harness.run(1000)
    let last = try #require(harness.cluster.chain.blocks.last)
    var forgeries: [BlockRange] = []
    func add(_ heights: ClosedRange<Int>, _ change: (inout BlockRange) -> Void) {
      var forged = range(harness, heights, sound)
      change(&forged)
      forgeries.append(forged)
    }
    add(1...9) { _ in }
    add(1...10) { $0.finalization.signatures[2] = $0.finalization.signatures[1] }
    add(1...10) { $0.blocks.remove(at: 4) }
    add(1...10) { $0.blocks.swapAt(3, 4) }
    add(1...10) { $0.blocks[9] = harness.nextBlock().bytes }
    add(1...10) { $0.blocks[0][60] ^= 1 }
    add(1...5) { $0.headers = [$0.blocks[1].prefix(BlockHeader.byteCount).map(\.self)] }
    for signers in [[5, 6], [0, 1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6]] {
      let own = harness.vote(sound.statement, as: 6).signature
      add(1...10) {
        $0.finalization = Certificate(
          statement: sound.statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
          signatures: signers.map { _ in own })
      }
    }
    // A different result for the certified block.
    if case .finalize(let proposal, _) = sound.statement {
      add(1...10) { $0.finalization.statement = .finalize(proposal, result: Digest(1, 1, 1, 1)) }
    }
    for (number, forged) in forgeries.enumerated() {
      // Until node 0 asks the puppet again.
      let isAsked = harness.run(atMost: 15_000_000) {
        harness.cluster.nodes[0].run?.replica.blockSync.questions.isAwaited(PeerID(6)) == true
      }
      #expect(isAsked, "forgery \(number)")
      harness.send(.range(forged), to: 0)
      harness.run(1000)
      #expect(harness.height(0) == 0, "forgery \(number)")
    }
    #expect(last.height == Height(10))
    harness.join()
    for other in 1..<6 { harness.cluster.connect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
    #expect(harness.run(atMost: 15_000_000) { harness.height(0) == 10 })
    #expect(harness.violation == nil)
  }

  @Test("S3: blocks that are stored already arrive again at every offset, and the rest are accepted", arguments: 1...6)
  func repeatedBlocks(first: Int) throws {
    let harness = behind(10)
    let sound = try harness.finalization(of: 1)
    harness.send(.certificate(sound), to: 0)
    harness.run(1000)
    // The first five blocks, proved by the headers above them.
    var part = range(harness, 1...5, sound)
    part.headers = harness.cluster.chain.blocks[5...9].map { Array($0.bytes.prefix(BlockHeader.byteCount)) }
    harness.send(.range(part), to: 0)
    #expect(harness.run(atMost: 50_000) { harness.height(0) == 5 })
    #expect(
      harness.run(atMost: 5_000_000) {
        harness.cluster.nodes[0].run?.replica.blockSync.questions.isAwaited(PeerID(6)) == true
      })
    harness.send(.range(range(harness, first...10, sound)), to: 0)
    #expect(harness.run(atMost: 5_000_000) { harness.height(0) == 10 })
    #expect(harness.violation == nil)
  }

  @Test("S5: a range that arrives long after the node caught up changes nothing")
  func lateAnswer() throws {
    let harness = behind(10)
    let sound = try harness.finalization(of: 1)
    harness.send(.certificate(sound), to: 0)
    harness.run(1000)
    let late = PeerMessage.range(range(harness, 1...10, sound))
    harness.join()
    for other in 1..<6 { harness.cluster.connect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
    #expect(harness.run(atMost: 15_000_000) { harness.height(0) == 10 })
    #expect(harness.grow(3, by: 1))
    let before = harness.cluster.nodes[0].run?.journal.appended
    harness.send(late, to: 0)
    harness.run(20_000)
    #expect(harness.height(0) == 13)
    #expect(harness.cluster.nodes[0].run?.journal.appended == before)
    #expect(harness.grow(2, by: 1))
    #expect(harness.violation == nil)
  }
}

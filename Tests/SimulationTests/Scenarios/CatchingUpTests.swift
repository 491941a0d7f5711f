import BlockLog
import Ledger
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("Catching up among liars")
struct CatchingUpTests {
  /// Node 0 was away while the others reached a height, and hears nobody but the puppet now.
  private func behind(_ heights: Int) -> Stage {
    let stage = Stage(validators: 7, puppets: 1)
    stage.kill(0)
    #expect(stage.grow(heights, by: 1))
    stage.connect { from, to in from != 0 && to != 0 }
    stage.world.start(stage.world.nodes[0])
    stage.run(50_000)
    // Links that were made in spite of it would be asked first.
    for other in 1..<6 { stage.world.disconnect(stage.world.nodes[0], stage.world.nodes[other]) }
    stage.world.step(stage.world.nodes[0], .connected(ValidatorIndex(6)))
    return stage
  }

  private func finalization(_ stage: Stage) throws -> Certificate {
    try #require(stage.world.nodes[1].life?.replica.consensus.finalization)
  }

  private func range(_ stage: Stage, _ heights: ClosedRange<Int>, _ finalization: Certificate) -> BlockRange {
    BlockRange(
      blocks: stage.world.chain.blocks[heights.lowerBound - 1...heights.upperBound - 1].map(\.bytes), headers: [],
      finalization: finalization)
  }

  @Test("S1: a peer that reports a high height and then a low one moves no target")
  func claims() throws {
    let stage = behind(10)
    for claim in [UInt64.max, 1 << 40, 12, 3, 0] {
      stage.say(
        .status(PeerStatus(epoch: .first, view: View(claim), finalizedView: View(claim), height: Height(claim))),
        as: 6, to: 0)
      stage.run(100_000)
      let replica = try #require(stage.world.nodes[0].life)
      #expect(replica.replica.sync.target == nil)
      #expect(stage.height(0) == 0)
    }
    stage.join()
    for other in 1..<6 { stage.world.connect(stage.world.nodes[0], stage.world.nodes[other]) }
    #expect(stage.run(atMost: 5_000_000) { stage.height(0) == 10 })
    #expect(stage.broken == nil)
  }

  @Test("S2, S5: ranges that the certificate does not cover, or that it covers without a quorum, change nothing")
  func forgedRanges() throws {
    let stage = behind(10)
    let sound = try finalization(stage)
    stage.say(.certificate(sound), to: 0)
    stage.run(1000)
    let last = try #require(stage.world.chain.blocks.last)
    var forgeries: [BlockRange] = []
    func add(_ heights: ClosedRange<Int>, _ change: (inout BlockRange) -> Void) {
      var forged = range(stage, heights, sound)
      change(&forged)
      forgeries.append(forged)
    }
    add(1...9) { _ in }
    add(1...10) { $0.finalization.signatures[2] = $0.finalization.signatures[1] }
    add(1...10) { $0.blocks.remove(at: 4) }
    add(1...10) { $0.blocks.swapAt(3, 4) }
    add(1...10) { $0.blocks[9] = stage.nextBlock().bytes }
    add(1...10) { $0.blocks[0][60] ^= 1 }
    add(1...5) { $0.headers = [$0.blocks[1].prefix(BlockHeader.byteCount).map(\.self)] }
    for signers in [[5, 6], [0, 1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6]] {
      let own = stage.vote(sound.statement, as: 6).signature
      add(1...10) {
        $0.finalization = Certificate(
          statement: sound.statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
          signatures: signers.map { _ in own })
      }
    }
    // Another result for the certified block.
    if case .finalize(let proposal, _) = sound.statement {
      add(1...10) { $0.finalization.statement = .finalize(proposal, result: Digest(1, 1, 1, 1)) }
    }
    for (number, forged) in forgeries.enumerated() {
      // Until it is the puppet that is asked again.
      let isAsked = stage.run(atMost: 5_000_000) {
        stage.world.nodes[0].life?.replica.sync.asked == ValidatorIndex(6)
      }
      #expect(isAsked, "forgery \(number)")
      stage.say(.range(forged), to: 0)
      stage.run(1000)
      #expect(stage.height(0) == 0, "forgery \(number)")
    }
    #expect(last.height == Height(10))
    stage.join()
    for other in 1..<6 { stage.world.connect(stage.world.nodes[0], stage.world.nodes[other]) }
    #expect(stage.run(atMost: 8_000_000) { stage.height(0) == 10 })
    #expect(stage.broken == nil)
  }

  @Test("S3: blocks that are stored already come again at every offset, and the rest is taken", arguments: 1...6)
  func repeatedBlocks(first: Int) throws {
    let stage = behind(10)
    let sound = try finalization(stage)
    stage.say(.certificate(sound), to: 0)
    stage.run(1000)
    // The first five, on the word of the headers above them.
    var part = range(stage, 1...5, sound)
    part.headers = stage.world.chain.blocks[5...9].map { Array($0.bytes.prefix(BlockHeader.byteCount)) }
    stage.say(.range(part), to: 0)
    #expect(stage.run(atMost: 50_000) { stage.height(0) == 5 })
    #expect(stage.run(atMost: 5_000_000) { stage.world.nodes[0].life?.replica.sync.asked == ValidatorIndex(6) })
    stage.say(.range(range(stage, first...10, sound)), to: 0)
    #expect(stage.run(atMost: 5_000_000) { stage.height(0) == 10 })
    #expect(stage.broken == nil)
  }

  @Test("S5: a range that comes when the node has long caught up changes nothing")
  func lateAnswer() throws {
    let stage = behind(10)
    let sound = try finalization(stage)
    stage.say(.certificate(sound), to: 0)
    stage.run(1000)
    let late = PeerMessage.range(range(stage, 1...10, sound))
    stage.join()
    for other in 1..<6 { stage.world.connect(stage.world.nodes[0], stage.world.nodes[other]) }
    #expect(stage.run(atMost: 8_000_000) { stage.height(0) == 10 })
    #expect(stage.grow(3, by: 1))
    let before = stage.world.nodes[0].life?.log.appended
    stage.say(late, to: 0)
    stage.run(20_000)
    #expect(stage.height(0) == 13)
    #expect(stage.world.nodes[0].life?.log.appended == before)
    #expect(stage.grow(2, by: 1))
    #expect(stage.broken == nil)
  }
}

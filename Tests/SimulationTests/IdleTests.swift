import BlockLog
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("An idle cluster")
struct IdleTests {
  @Test(
    "C18: ten idle minutes, then one transaction, whichever leader is dead", arguments: [0, 1, 2, 3], [true, false])
  func deadLeader(dead: Int, isLongDead: Bool) {
    let stage = Stage(validators: 4)
    if isLongDead { stage.kill(dead) }
    let before = stage.world.nodes.map { $0.life?.log.appended }
    stage.run(600_000_000)
    for node in stage.world.nodes where node.life != nil {
      #expect(node.life?.log.appended == before[node.number], "an idle node writes nothing")
      #expect(node.life?.replica.standing.view == View(1))
    }
    if !isLongDead { stage.kill(dead) }
    stage.submit(to: (dead + 1) % 4)
    // Two time-outs of two Δ each, and some time for the network.
    let isFinal = stage.run(atMost: 4 * stage.delta + 50_000) { stage.isFinal(1) }
    #expect(isFinal)
    #expect(stage.broken == nil)
  }

  @Test("C18: every view has its turn of a dead leader: the chain goes on at normal speed", arguments: [0, 3])
  func manyHeights(dead: Int) {
    let stage = Stage(validators: 4)
    stage.kill(dead)
    for height in 1...12 {
      stage.submit(to: (dead + 1 + height % 3) % 4)
      #expect(stage.run(atMost: 6 * stage.delta) { stage.isFinal(UInt64(height)) }, "height \(height)")
    }
    #expect(stage.broken == nil)
  }

  @Test(
    "without faults a transaction is final within a few milliseconds, at every node", arguments: [1, 2, 3, 4, 5, 7])
  func fast(validators: Int) {
    let stage = Stage(validators: validators)
    for height in 1...10 {
      stage.submit(to: height % validators)
      #expect(stage.run(atMost: 10_000) { stage.isFinal(UInt64(height)) }, "height \(height)")
    }
    stage.run(2_000_000)
    #expect(stage.broken == nil)
    #expect(stage.world.chain.height.rawValue == 10, "no empty blocks")
  }
}

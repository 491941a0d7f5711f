import BlockLog
import NodeCore
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("An idle cluster")
struct IdleTests {
  @Test(
    "C18: ten idle minutes, then one transaction, whichever leader is dead", arguments: [0, 1, 2, 3], [true, false])
  func deadLeader(dead: Int, isLongDead: Bool) {
    let harness = SimulationHarness(validators: 4)
    if isLongDead { harness.kill(dead) }
    let before = harness.cluster.nodes.map { $0.run?.journal.appended }
    harness.run(600_000_000)
    for node in harness.cluster.nodes where node.run != nil {
      #expect(node.run?.journal.appended == before[node.number], "an idle node writes nothing")
      #expect(node.run?.replica.status.view == View(1))
    }
    if !isLongDead { harness.kill(dead) }
    harness.submit(to: (dead + 1) % 4)
    // Two time-outs of two Δ each, plus some time for the network.
    let isFinal = harness.run(atMost: 4 * harness.delta + 50_000) { harness.isFinal(1) }
    #expect(isFinal)
    #expect(harness.violation == nil)
  }

  @Test("C18: with one leader dead, the chain continues at normal speed", arguments: [0, 3])
  func manyHeights(dead: Int) {
    let harness = SimulationHarness(validators: 4)
    harness.kill(dead)
    for height in 1...12 {
      harness.submit(to: (dead + 1 + height % 3) % 4)
      #expect(harness.run(atMost: 6 * harness.delta) { harness.isFinal(UInt64(height)) }, "height \(height)")
    }
    #expect(harness.violation == nil)
  }

  @Test(
    "without faults a transaction is final within a few milliseconds, at every node", arguments: [1, 2, 3, 4, 5, 7])
  func fast(validators: Int) {
    let harness = SimulationHarness(validators: validators)
    for height in 1...10 {
      harness.submit(to: height % validators)
      #expect(harness.run(atMost: 10_000) { harness.isFinal(UInt64(height)) }, "height \(height)")
    }
    harness.run(2_000_000)
    #expect(harness.violation == nil)
    #expect(harness.cluster.chain.height.rawValue == 10, "no empty blocks")
  }
}

import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Views that end in two ways at once")
struct CommitTests {
  @Test("C1: two blocks notarized in two views, each known to one node, and f crash: it still commits")
  func twoNotarized() {
    let harness = SimulationHarness(validators: 4) { $0.syncDelay = 2000...2000 }
    // Node 3 never hears node 1. In view 1 all except node 3 vote for node 1's block, and only node 0 hears the votes.
    harness.cluster.links[1][3].isCut = true
    harness.submit(to: 1)
    harness.submit(to: 3)
    #expect(harness.run(atMost: 50_000) { (0..<3).allSatisfy { harness.hasNotarized($0, 1) } })
    harness.connect { _, to in to == 0 }
    harness.run(4000)
    #expect(harness.holds(0, .notarize, 1))
    // The others give up view 1 without node 0. In view 2 they vote for another block, and only node 2 hears the votes.
    harness.connect { from, to in from != 0 && to != 0 && !(from == 1 && to == 3) }
    #expect(harness.run(atMost: 2_000_000) { (1..<4).allSatisfy { harness.hasNotarized($0, 2) } })
    harness.connect { _, to in to == 2 }
    harness.run(4000)
    #expect(harness.holds(2, .notarize, 2))
    #expect(!harness.holds(1, .notarize, 1) && !harness.holds(1, .notarize, 2))
    // A node that knows neither notarization crashes, and the other three can reach each other.
    harness.kill(3)
    harness.join()
    harness.submit(to: 0)
    #expect(harness.run(atMost: 8_000_000) { harness.isFinal(1) })
    harness.run(3_000_000)
    #expect(harness.violation == nil)
  }

  @Test("C3: a quorum and the time-out that waited for it, in every order", arguments: 0..<24)
  func quorumAndTimer(step: Int) {
    let harness = SimulationHarness(validators: 4)
    harness.submit(to: 1)
    let start = harness.cluster.now
    #expect(harness.run(atMost: 50_000) { (0..<4).allSatisfy { harness.hasNotarized($0, 1) } })
    // All votes arrive within a millisecond or two of the moment at which the nodes give up the view.
    let arrival = start.advanced(byMicroseconds: 3 * harness.delta - 1200 + UInt64(step) * 100)
    for from in 0..<4 {
      for to in 0..<4 { harness.cluster.links[from][to].cloggedUntil = arrival }
    }
    #expect(harness.run(atMost: 4_000_000) { harness.isFinal(1) })
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test("C19: a block that waits for finality and a view that is given up do not wait for each other", arguments: 0..<4)
  func finalityAcrossGivenUpViews(dead: Int) {
    let harness = SimulationHarness(validators: 4) { $0.syncDelay = 2000...2000 }
    #expect(harness.grow(dead))
    // Every node certifies the block of the next view, all finalize votes are lost, and a leader is dead.
    let view = UInt64(dead) + 1
    harness.submit(to: (dead + 1) % 4)
    #expect(harness.run(atMost: 50_000) { (0..<4).allSatisfy { harness.view($0) > view } })
    harness.connect { _, _ in false }
    harness.run(4000)
    harness.kill((dead + 2) % 4)
    harness.run(harness.delta)
    harness.join()
    #expect(harness.run(atMost: 4_000_000) { harness.isFinal(view) })
    #expect(harness.violation == nil)
  }
}

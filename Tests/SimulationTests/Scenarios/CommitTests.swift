import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Views that end in two ways at once")
struct CommitTests {
  @Test("C1: two blocks notarized in two views, each known to one node, and f crash: it still commits")
  func twoNotarized() {
    let stage = Stage(validators: 4) { $0.syncDelay = 2000...2000 }
    // Node 3 never hears node 1. View 1: all but node 3 vote for the block of node 1, and only node 0 hears the votes.
    stage.world.links[1][3].isCut = true
    stage.submit(to: 1)
    stage.submit(to: 3)
    #expect(stage.run(atMost: 50_000) { (0..<3).allSatisfy { stage.hasNotarized($0, 1) } })
    stage.connect { _, to in to == 0 }
    stage.run(4000)
    #expect(stage.holds(0, .notarize, 1))
    // The others give view 1 up without it. In view 2 they vote for another block, and only node 2 hears that.
    stage.connect { from, to in from != 0 && to != 0 && !(from == 1 && to == 3) }
    #expect(stage.run(atMost: 2_000_000) { (1..<4).allSatisfy { stage.hasNotarized($0, 2) } })
    stage.connect { _, to in to == 2 }
    stage.run(4000)
    #expect(stage.holds(2, .notarize, 2))
    #expect(!stage.holds(1, .notarize, 1) && !stage.holds(1, .notarize, 2))
    // One of those that know nothing crashes; the other three find each other.
    stage.kill(3)
    stage.join()
    stage.submit(to: 0)
    #expect(stage.run(atMost: 8_000_000) { stage.isFinal(1) })
    stage.run(3_000_000)
    #expect(stage.broken == nil)
  }

  @Test("C3: a quorum and the time-out that waited for it, in every order", arguments: 0..<24)
  func quorumAndTimer(step: Int) {
    let stage = Stage(validators: 4)
    stage.submit(to: 1)
    let start = stage.world.now
    #expect(stage.run(atMost: 50_000) { (0..<4).allSatisfy { stage.hasNotarized($0, 1) } })
    // All votes come within a millisecond or two around the moment at which the view is given up.
    let arrival = start.advanced(byMicroseconds: 3 * stage.delta - 1200 + UInt64(step) * 100)
    for from in 0..<4 {
      for to in 0..<4 { stage.world.links[from][to].cloggedUntil = arrival }
    }
    #expect(stage.run(atMost: 4_000_000) { stage.isFinal(1) })
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test("C19: a block that waits for finality and a view that is given up do not wait for each other", arguments: 0..<4)
  func finalityAcrossGivenUpViews(dead: Int) {
    let stage = Stage(validators: 4) { $0.syncDelay = 2000...2000 }
    #expect(stage.grow(dead))
    // The block of the next view is certified everywhere, every finalize vote is lost, and a leader is dead.
    let view = UInt64(dead) + 1
    stage.submit(to: (dead + 1) % 4)
    #expect(stage.run(atMost: 50_000) { (0..<4).allSatisfy { stage.view($0) > view } })
    stage.connect { _, _ in false }
    stage.run(4000)
    stage.kill((dead + 2) % 4)
    stage.run(stage.delta)
    stage.join()
    #expect(stage.run(atMost: 4_000_000) { stage.isFinal(view) })
    #expect(stage.broken == nil)
  }
}

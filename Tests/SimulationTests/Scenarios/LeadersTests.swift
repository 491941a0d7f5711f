import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Leaders that lie")
struct LeadersTests {
  @Test("C9: a key that runs twice is found out by one of the two at least, and the others go on")
  func keyTwice() {
    let stage = Stage(validators: 4) {
      $0.saboteurs = 1
      $0.sabotage = .twins
    }
    // Nodes 3 and 4 share a key; each of the others hears one of them, and now and then turns to the other one.
    for round in 0..<12 {
      #expect(stage.grow(2, by: round % 3))
      stage.world.swapTwin()
      stage.run(5000)
      if stage.isStopped(3) || stage.isStopped(4) { break }
    }
    let isFound = [3, 4].contains { node in
      if case .ownKeyElsewhere = stage.world.nodes[node].life?.replica.stopped { true } else { false }
    }
    #expect(isFound)
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test("C10: a leader with two blocks gets one of them final or none, and leaves evidence")
  func twoBlocks() {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    let one = stage.proposal(stage.nextBlock(), in: 3, on: 2)
    let other = stage.proposal(
      stage.nextBlock { $0.timestamp = $0.timestamp.advanced(byMilliseconds: 1) }, in: 3, on: 2)
    stage.say(one, to: 0)
    stage.say(one, to: 1)
    stage.say(other, to: 2)
    stage.run(2000)
    stage.say(other, to: 0)
    stage.say(one, to: 2)
    stage.run(2000)
    #expect(stage.world.report.counts["evidence", default: 0] >= 2)
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test("C14: a leader's time before or at its parent's, or beyond the allowed drift, gets no vote")
  func times() {
    for change: Int64 in [-5000, 0, 11_000, 1 << 40] {
      let stage = Stage(validators: 4, puppets: 1)
      #expect(stage.grow(2))
      let parent = stage.world.chain.blocks[1].header.timestamp.rawValue
      let base = change > 0 ? stage.world.clientTime.rawValue : parent
      let block = stage.nextBlock { $0.timestamp = Timestamp(base &+ UInt64(bitPattern: change)) }
      stage.say(stage.proposal(block, in: 3, on: 2))
      stage.run(5000)
      for node in 0..<3 { #expect(!stage.hasNotarized(node, 3), "\(change) ms") }
      #expect(
        stage.rejected(change > 0 ? "block.time-ahead" : "block.time-not-after-parent") == 3,
        "\(stage.world.report.counts)")
      #expect(stage.grow(3))
      #expect(stage.broken == nil)
    }
  }

  @Test("C14: a time within the drift is final, and honest leaders go on from there")
  func drift() {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    let block = stage.nextBlock { $0.timestamp = stage.world.clientTime.advanced(byMilliseconds: 9000) }
    stage.say(stage.proposal(block, in: 3, on: 2))
    #expect(stage.run(atMost: 2_000_000) { stage.isFinal(3) })
    #expect(stage.grow(8))
    #expect(stage.broken == nil)
  }

  @Test("C14: a node whose clock fell an hour behind replays its log all the same, and follows the others")
  func clockBehind() {
    let stage = Stage(validators: 4)
    #expect(stage.grow(5))
    let node = stage.world.nodes[2]
    stage.world.crash(node, for: 1000...1000)
    node.clock.wallLead -= 3_600_000
    stage.run(200_000)
    #expect(stage.height(2) == 5)
    #expect(stage.grow(6))
    #expect(stage.height(2) == 11)
    #expect(stage.broken == nil)
  }
}

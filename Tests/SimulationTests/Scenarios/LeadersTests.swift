import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Leaders that lie")
struct LeadersTests {
  @Test("C9: a key that runs twice is found out by one of the two at least, and the others go on")
  func keyTwice() {
    let harness = SimulationHarness(validators: 4) {
      $0.traitors = 1
      $0.traitorKind = .twins
    }
    // Nodes 3 and 4 share a key; each of the others hears one of them, and now and then turns to the other one.
    for round in 0..<12 {
      #expect(harness.grow(2, by: round % 3))
      harness.cluster.swapTwin()
      harness.run(5000)
      if harness.isStopped(3) || harness.isStopped(4) { break }
    }
    let isFound = [3, 4].contains { node in
      if case .ownKeyElsewhere = harness.cluster.nodes[node].run?.replica.stopped { true } else { false }
    }
    #expect(isFound)
    #expect(harness.grow(3))
    #expect(harness.broken == nil)
  }

  @Test("C10: a leader with two blocks gets one of them final or none, and leaves evidence")
  func twoBlocks() {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let one = harness.proposal(harness.nextBlock(), in: 3, on: 2)
    let other = harness.proposal(
      harness.nextBlock { $0.timestamp = $0.timestamp.advanced(byMilliseconds: 1) }, in: 3, on: 2)
    harness.say(one, to: 0)
    harness.say(one, to: 1)
    harness.say(other, to: 2)
    harness.run(2000)
    harness.say(other, to: 0)
    harness.say(one, to: 2)
    harness.run(2000)
    #expect(harness.cluster.report.counts["evidence", default: 0] >= 2)
    #expect(harness.grow(3))
    #expect(harness.broken == nil)
  }

  @Test("C14: a leader's time before or at its parent's, or beyond the allowed drift, gets no vote")
  func times() {
    for change: Int64 in [-5000, 0, 11_000, 1 << 40] {
      let harness = SimulationHarness(validators: 4, puppets: 1)
      #expect(harness.grow(2))
      let parent = harness.cluster.chain.blocks[1].header.timestamp.rawValue
      let base = change > 0 ? harness.cluster.clientTime.rawValue : parent
      let block = harness.nextBlock { $0.timestamp = Timestamp(base &+ UInt64(bitPattern: change)) }
      harness.say(harness.proposal(block, in: 3, on: 2))
      harness.run(5000)
      for node in 0..<3 { #expect(!harness.hasNotarized(node, 3), "\(change) ms") }
      #expect(
        harness.rejected(change > 0 ? "block.time-ahead" : "block.time-not-after-parent") == 3,
        "\(harness.cluster.report.counts)")
      #expect(harness.grow(3))
      #expect(harness.broken == nil)
    }
  }

  @Test("C14: a time within the drift is final, and honest leaders go on from there")
  func drift() {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let block = harness.nextBlock { $0.timestamp = harness.cluster.clientTime.advanced(byMilliseconds: 9000) }
    harness.say(harness.proposal(block, in: 3, on: 2))
    #expect(harness.run(atMost: 2_000_000) { harness.isFinal(3) })
    #expect(harness.grow(8))
    #expect(harness.broken == nil)
  }

  @Test("C14: a node whose clock fell an hour behind replays its log all the same, and follows the others")
  func clockBehind() {
    let harness = SimulationHarness(validators: 4)
    #expect(harness.grow(5))
    let node = harness.cluster.nodes[2]
    harness.cluster.crash(node, for: 1000...1000)
    node.clock.wallLead -= 3_600_000
    harness.run(200_000)
    #expect(harness.height(2) == 5)
    #expect(harness.grow(6))
    #expect(harness.height(2) == 11)
    #expect(harness.broken == nil)
  }
}

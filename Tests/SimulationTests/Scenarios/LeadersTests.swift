import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Leaders that lie")
struct LeadersTests {
  @Test("C9: a key used by two nodes is detected by at least one of them, and the others continue")
  func keyTwice() {
    let harness = SimulationHarness(validators: 4) {
      $0.traitors = 1
      $0.traitorKind = .twins
    }
    // Nodes 3 and 4 share a key. Each of the others talks to one of them, and sometimes switches to the other.
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
    #expect(harness.violation == nil)
  }

  @Test("C10: of a leader's two blocks at most one becomes final, and there is evidence")
  func twoBlocks() {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let one = harness.proposal(harness.nextBlock(), in: 3, on: 2)
    let other = harness.proposal(
      harness.nextBlock { $0.timestamp = $0.timestamp.advanced(byMilliseconds: 1) }, in: 3, on: 2)
    harness.send(one, to: 0)
    harness.send(one, to: 1)
    harness.send(other, to: 2)
    harness.run(2000)
    harness.send(other, to: 0)
    harness.send(one, to: 2)
    harness.run(2000)
    #expect(harness.cluster.report.counts["evidence", default: 0] >= 2)
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test("C14: a block whose time is not after its parent's, or beyond the allowed drift, gets no vote")
  func times() {
    for change: Int64 in [-5000, 0, 11_000, 1 << 40] {
      let harness = SimulationHarness(validators: 4, puppets: 1)
      #expect(harness.grow(2))
      let parent = harness.cluster.chain.blocks[1].header.timestamp.rawValue
      let base = change > 0 ? harness.cluster.clientTime.rawValue : parent
      let block = harness.nextBlock { $0.timestamp = Timestamp(base &+ UInt64(bitPattern: change)) }
      harness.send(harness.proposal(block, in: 3, on: 2))
      harness.run(5000)
      for node in 0..<3 { #expect(!harness.hasNotarized(node, 3), "\(change) ms") }
      #expect(
        harness.rejected(change > 0 ? "block.time-ahead" : "block.time-not-after-parent") == 3,
        "\(harness.cluster.report.counts)")
      #expect(harness.grow(3))
      #expect(harness.violation == nil)
    }
  }

  @Test("C14: a block whose time is within the drift becomes final, and honest leaders continue from there")
  func drift() {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let block = harness.nextBlock { $0.timestamp = harness.cluster.clientTime.advanced(byMilliseconds: 9000) }
    harness.send(harness.proposal(block, in: 3, on: 2))
    #expect(harness.run(atMost: 2_000_000) { harness.isFinal(3) })
    #expect(harness.grow(8))
    #expect(harness.violation == nil)
  }

  @Test("C14: a node whose clock is an hour behind still replays its log, and follows the others")
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
    #expect(harness.violation == nil)
  }
}

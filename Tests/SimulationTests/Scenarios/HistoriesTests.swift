import BlockLog
import NodeCore
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Directed histories")
struct HistoriesTests {
  @Test("C6: all nodes restart in different views, again and again, and finalize within two caps")
  func driftingViews() {
    let harness = SimulationHarness(validators: 4)
    for round in 0..<5 {
      // One node is cut off from the other three, and every node has a transaction: time-outs drive their views apart.
      harness.split([round % 4])
      for node in 0..<4 { harness.submit(to: node) }
      harness.run(3_000_000)
      for node in harness.cluster.nodes { harness.cluster.crash(node, for: 1000...400_000) }
      harness.join()
      harness.run(500_000)
      let height = harness.cluster.chain.height.rawValue
      for node in 0..<4 { harness.submit(to: node) }
      #expect(harness.run(atMost: 8_000_000) { harness.isFinal(height + 1) }, "round \(round)")
      #expect(harness.violation == nil)
    }
  }

  @Test("C8: power fails between append and sync at every step of a height", arguments: 0..<24)
  func powerLossAtEveryStep(step: Int) {
    let harness = SimulationHarness(validators: 4) { $0.syncDelay = 400...400 }
    harness.submit(to: 0)
    _ = harness.run(atMost: 100_000) { harness.isFinal(1) }
    harness.submit(to: 1)
    harness.run(UInt64(step) * 100)
    for node in harness.cluster.nodes { harness.cluster.crash(node, losingPower: true, for: 1000...50_000) }
    harness.run(200_000)
    harness.submit(to: 2)
    #expect(harness.run(atMost: 4_000_000) { harness.isFinal(2) })
    #expect(harness.violation == nil)
  }

  @Test("C8: every node crashes right after it has nullified a view", arguments: 0..<6)
  func crashAfterNullify(step: Int) {
    let harness = SimulationHarness(validators: 4)
    harness.kill(1)
    harness.submit(to: 0)
    // The leader of view 1 is dead, so the others give up the view after two Δ.
    _ = harness.run(atMost: 1_000_000) { harness.cluster.nodes[0].durable.votes.contains { $0.kind == .nullify } }
    harness.run(UInt64(step) * 150)
    for node in harness.cluster.nodes where node.run != nil {
      harness.cluster.crash(node, losingPower: true, for: 1000...20_000)
    }
    harness.run(100_000)
    harness.submit(to: 2)
    #expect(harness.run(atMost: 4_000_000) { harness.isFinal(1) })
    #expect(harness.violation == nil)
  }

  @Test("a view that is certified on one side and nullified on the other stops no node")
  func twoCertificates() {
    var views = 0
    for seed in UInt64(0)..<10 {
      let harness = SimulationHarness(validators: 4, seed: seed)
      let before = harness.cluster.nodes.map { $0.run?.journal.appended }
      harness.submit(to: 1)
      _ = harness.run(atMost: 10_000) {
        harness.cluster.nodes.allSatisfy { $0.run?.journal.appended != before[$0.number] }
      }
      // All nodes are about to vote for the leader's block, and only node 3 hears the votes.
      for from in 0..<4 {
        for to in 0..<4 where to != 3 { harness.cluster.links[from][to].isCut = true }
      }
      harness.run(2000)
      harness.split([3])
      for from in 0..<3 {
        for to in 0..<3 { harness.cluster.links[from][to].isCut = true }
      }
      harness.run(350_000)
      // The others have given up the view by now, and exchange their nullify votes.
      harness.split([3])
      harness.run(700_000)
      harness.join()
      for node in 0..<4 { harness.submit(to: node) }
      #expect(harness.run(atMost: 8_000_000) { harness.isFinal(1) })
      harness.run(3_000_000)
      #expect(harness.violation == nil)
      views += harness.cluster.votes.twiceCertified
    }
    #expect(views > 0)
  }

  @Test("S3: a node that was away for a long time catches up to the tip", arguments: [true, false])
  func lateJoiner(isDirectoryLost: Bool) {
    let harness = SimulationHarness(validators: 4)
    harness.kill(3)
    for height in 1...40 {
      harness.submit(to: height % 3)
      _ = harness.run(atMost: 2_000_000) { harness.isFinal(UInt64(height)) }
    }
    let node = harness.cluster.nodes[3]
    if isDirectoryLost {
      node.disk = MemoryDisk()
      node.durable = DurableStatements()
      node.isRecovering = true
    }
    harness.cluster.start(node)
    #expect(harness.run(atMost: 2_000_000) { harness.height(3) == 40 })
    harness.run(10_000_000)
    harness.submit(to: 3)
    #expect(harness.run(atMost: 4_000_000) { harness.isFinal(41) })
    #expect(node.run?.replica.isListening == false)
    #expect(harness.violation == nil)
  }

  @Test("a lone survivor waits, and continues when the others come back")
  func loneSurvivor() {
    let harness = SimulationHarness(validators: 4)
    harness.submit(to: 0)
    _ = harness.run(atMost: 100_000) { harness.isFinal(1) }
    for node in 1...3 { harness.kill(node) }
    harness.submit(to: 0)
    harness.run(30_000_000)
    #expect(harness.height(0) == 1)
    for node in 1...3 { harness.cluster.start(harness.cluster.nodes[node]) }
    #expect(harness.run(atMost: 8_000_000) { harness.isFinal(2) })
    #expect(harness.violation == nil)
  }

  @Test("a leader whose transaction the others lost is not waited for endlessly")
  func lostOffers() {
    let harness = SimulationHarness(validators: 4)
    for other in [0, 2, 3] { harness.cluster.links[1][other].isCut = true }
    harness.submit(to: 1)
    harness.run(1_000_000)
    for other in [0, 2, 3] { harness.cluster.links[1][other].isCut = false }
    // The node offers it again within two seconds.
    #expect(harness.run(atMost: 3_500_000) { harness.isFinal(1) })
    #expect(harness.violation == nil)
  }

  @Test("real signatures: the same history each time", arguments: [Suite.ed25519SHA256])
  func realSignatures(suite: Suite) {
    var options = SwarmOptions.brief(seed: 3, validators: 4)
    options.suite = suite
    options.hasRealSignatures = true
    options.chaosHeights = 4
    options.chaosTicks = 1_000_000
    options.faults = [.processCrash]
    options.traitors = 0
    let first = Simulation(seed: 3, options: options).run()
    let second = Simulation(seed: 3, options: options).run()
    #expect(first.isSound, "\(first.text)")
    #expect(first == second)
    #expect(first.height > 0)
  }
}

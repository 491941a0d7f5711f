import BlockLog
import NodeCore
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

/// Histories that are difficult for the consensus, in clusters of sizes that the other scenarios leave out.
@Testing.Suite("Difficult histories at every size")
struct EverySizeTests {
  /// The cap of Δ in microseconds (`ReplicaConfiguration.maximumDelta`).
  private static let cap: UInt64 = 4_000_000

  /// Stops every node and lets its log say that a quorum gave up view after view. The quorum stands in the last two of
  /// these views, the other nodes in any view before.
  private func driftApart(_ harness: SimulationHarness, _ generator: inout SeededGenerator) throws {
    let cluster = harness.cluster
    let quorum = Quorum(validators: cluster.nodes.count).size
    let last = UInt64.random(in: 2...60, using: &generator)
    for node in cluster.nodes {
      harness.kill(node.number)
      let isOfQuorum = node.number < quorum
      let known = UInt64.random(in: isOfQuorum ? last - 1...last : 0...last, using: &generator)
      var log = try BlockLog.open(node.disk, owner: cluster.owner(of: node), options: SimulatedCluster.logOptions)
      for view in 1...last {
        let statement = Statement.nullify(epoch: .first, view: View(view))
        if isOfQuorum { _ = try log.append(PendingRecord(harness.vote(statement, as: node.number))) }
        guard view <= known else { break }
        _ = try log.append(PendingRecord(harness.certificate(statement, by: Array(0..<quorum))))
      }
      _ = try log.sync()
    }
    for node in cluster.nodes { cluster.start(node) }
  }

  @Test("C6: all restart in random views with grown timers: final within two capped time-outs", arguments: 1...7)
  func driftedApart(validators: Int) throws {
    for seed in UInt64(1)...5 {
      let harness = SimulationHarness(validators: validators, seed: seed)
      var generator = SeededGenerator(seed: seed).fork("views")
      try driftApart(harness, &generator)
      harness.submit(to: 0)
      #expect(harness.run(atMost: 2 * 3 * Self.cap) { harness.isFinal(1) }, "seed \(seed)")
      #expect(harness.violation == nil)
    }
  }

  @Test(
    "C19: with slow disks, finality of one view and the end of the next do not wait for each other", arguments: 4...7)
  func commitDuringViewChange(validators: Int) {
    for seed in UInt64(1)...5 {
      // Finalize votes of view 1 come while view 2, whose leader is dead, is being given up.
      let harness = SimulationHarness(validators: validators, seed: seed) { $0.syncDelay = 0...400_000 }
      harness.kill(2)
      harness.submit(to: 0)
      #expect(harness.run(atMost: 100 * harness.delta) { harness.isFinal(1) }, "seed \(seed)")
      #expect(harness.violation == nil)
    }
  }

  @Test(
    "C18: ten idle minutes, then one transaction, with the next leader dead, the one after it, or none: final in two time-outs",
    arguments: [1, 2, 3, 5, 6, 7])
  func idle(validators: Int) {
    for dead in validators < 4 ? [nil] : [nil, 2, 3] {
      let harness = SimulationHarness(validators: validators)
      #expect(harness.grow(1))
      if let dead { harness.kill(dead) }
      harness.run(5_000_000)
      let before = harness.cluster.nodes.map { $0.run?.journal.appended }
      harness.run(600_000_000)
      for node in harness.cluster.nodes {
        #expect(node.run?.journal.appended == before[node.number], "an idle node writes nothing")
        #expect(node.run?.replica.status.view ?? View(2) == View(2))
        #expect(node.run?.replica.consensus.nextDeadline == nil)
      }
      harness.submit(to: 0)
      // Two time-outs of three Δ each.
      let isFinal = harness.run(atMost: 6 * harness.delta) { harness.isFinal(2) }
      #expect(isFinal, "dead: \(dead.map(String.init) ?? "none")")
      #expect(harness.violation == nil)
    }
  }

  @Test("a leader that was silent for long costs no wait at all, if the others are heard")
  func silentLeader() {
    let harness = SimulationHarness(validators: 4)
    #expect(harness.grow(1))
    // The leader of view 2 keeps its links, but nothing that it sends arrives.
    harness.connect { from, _ in from != 2 }
    harness.run(5_000_000)
    harness.submit(to: 0)
    #expect(harness.run(atMost: harness.delta) { harness.isFinal(2) })
    #expect(harness.cluster.report.counts["gave up: \(TimeoutReason.leaderSilent.words)", default: 0] > 0)
    #expect(harness.violation == nil)
  }

  @Test(
    "C10: f traitors with a key in two places, or with two proposals, change nothing, and leave evidence",
    arguments: [5, 6])
  func twoFaces(validators: Int) {
    var evidence = 0
    for kind in [TraitorKind.twins, .equivocate] {
      for seed in UInt64(1)...5 {
        var options = SwarmOptions.brief(seed: seed, validators: validators)
        options.traitors = (validators - 1) / 3
        options.traitorKind = kind
        options.faults = [.partition, .pause, .processCrash]
        options.quality = .local
        options.clientPause = 2000...20_000
        options.faultPause = 2000...40_000
        options.chaosHeights = 20
        let report = Simulation(seed: seed, options: options).run()
        if !report.isSound { Issue.record("\(report.text)") }
        evidence += report.counts["evidence", default: 0]
      }
    }
    #expect(evidence > 0)
  }
}

import BlockLog
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Directed histories")
struct HistoriesTests {
  @Test("C6: all nodes restart in different views, again and again, and finalize within two caps")
  func driftingViews() {
    let stage = Stage(validators: 4)
    for round in 0..<5 {
      // Each alone with a transaction of its own: time-outs, but no quorum.
      stage.split([round % 4])
      for node in 0..<4 { stage.submit(to: node) }
      stage.run(3_000_000)
      for node in stage.world.nodes { stage.world.crash(node, for: 1000...400_000) }
      stage.join()
      stage.run(500_000)
      let height = stage.world.chain.height.rawValue
      for node in 0..<4 { stage.submit(to: node) }
      #expect(stage.run(atMost: 8_000_000) { stage.isFinal(height + 1) }, "round \(round)")
      #expect(stage.broken == nil)
    }
  }

  @Test("C8: power fails between append and sync at every step of a height", arguments: 0..<24)
  func powerLossAtEveryStep(step: Int) {
    let stage = Stage(validators: 4) { $0.syncDelay = 400...400 }
    stage.submit(to: 0)
    _ = stage.run(atMost: 100_000) { stage.isFinal(1) }
    stage.submit(to: 1)
    stage.run(UInt64(step) * 100)
    for node in stage.world.nodes { stage.world.crash(node, losingPower: true, for: 1000...50_000) }
    stage.run(200_000)
    stage.submit(to: 2)
    #expect(stage.run(atMost: 4_000_000) { stage.isFinal(2) })
    #expect(stage.broken == nil)
  }

  @Test("C8: every node crashes right after it has nullified a view", arguments: 0..<6)
  func crashAfterNullify(step: Int) {
    let stage = Stage(validators: 4)
    stage.kill(1)
    stage.submit(to: 0)
    // The leader of view 1 is dead: at two Δ the others give it up.
    _ = stage.run(atMost: 1_000_000) { stage.world.nodes[0].shelf.votes.contains { $0.kind == .nullify } }
    stage.run(UInt64(step) * 150)
    for node in stage.world.nodes where node.life != nil {
      stage.world.crash(node, losingPower: true, for: 1000...20_000)
    }
    stage.run(100_000)
    stage.submit(to: 2)
    #expect(stage.run(atMost: 4_000_000) { stage.isFinal(1) })
    #expect(stage.broken == nil)
  }

  @Test("a view that is certified on one side and nullified on the other stops nobody")
  func twoCertificates() {
    var views = 0
    for seed in UInt64(0)..<10 {
      let stage = Stage(validators: 4, seed: seed)
      let before = stage.world.nodes.map { $0.life?.log.appended }
      stage.submit(to: 1)
      _ = stage.run(atMost: 10_000) { stage.world.nodes.allSatisfy { $0.life?.log.appended != before[$0.number] } }
      // Everybody is about to vote for the leader's block, and only node 3 hears the votes.
      for from in 0..<4 {
        for to in 0..<4 where to != 3 { stage.world.links[from][to].isCut = true }
      }
      stage.run(2000)
      stage.split([3])
      for from in 0..<3 {
        for to in 0..<3 { stage.world.links[from][to].isCut = true }
      }
      stage.run(350_000)
      // The others have given the view up by now, and say so to each other.
      stage.split([3])
      stage.run(700_000)
      stage.join()
      for node in 0..<4 { stage.submit(to: node) }
      #expect(stage.run(atMost: 8_000_000) { stage.isFinal(1) })
      stage.run(3_000_000)
      #expect(stage.broken == nil)
      views += stage.world.votes.twiceCertified
    }
    #expect(views > 0)
  }

  @Test("S3: a node that was away for long catches up to the tip", arguments: [true, false])
  func lateJoiner(isDirectoryLost: Bool) {
    let stage = Stage(validators: 4)
    stage.kill(3)
    for height in 1...40 {
      stage.submit(to: height % 3)
      _ = stage.run(atMost: 2_000_000) { stage.isFinal(UInt64(height)) }
    }
    let node = stage.world.nodes[3]
    if isDirectoryLost {
      node.disk = MemoryDisk()
      node.shelf = DurableShelf()
      node.isRecovering = true
    }
    stage.world.start(node)
    #expect(stage.run(atMost: 2_000_000) { stage.height(3) == 40 })
    stage.run(10_000_000)
    stage.submit(to: 3)
    #expect(stage.run(atMost: 4_000_000) { stage.isFinal(41) })
    #expect(node.life?.replica.isListening == false)
    #expect(stage.broken == nil)
  }

  @Test("a lone survivor waits, and goes on when the others come back")
  func loneSurvivor() {
    let stage = Stage(validators: 4)
    stage.submit(to: 0)
    _ = stage.run(atMost: 100_000) { stage.isFinal(1) }
    for node in 1...3 { stage.kill(node) }
    stage.submit(to: 0)
    stage.run(30_000_000)
    #expect(stage.height(0) == 1)
    for node in 1...3 { stage.world.start(stage.world.nodes[node]) }
    #expect(stage.run(atMost: 8_000_000) { stage.isFinal(2) })
    #expect(stage.broken == nil)
  }

  @Test("a leader whose transaction the others lost is not waited for without end")
  func lostOffers() {
    let stage = Stage(validators: 4)
    for other in [0, 2, 3] { stage.world.links[1][other].isCut = true }
    stage.submit(to: 1)
    stage.run(1_000_000)
    for other in [0, 2, 3] { stage.world.links[1][other].isCut = false }
    // It is offered again within two seconds.
    #expect(stage.run(atMost: 3_500_000) { stage.isFinal(1) })
    #expect(stage.broken == nil)
  }

  @Test("real signatures: the same history each time", arguments: [Suite.ed25519SHA256])
  func realSignatures(suite: Suite) {
    var options = SwarmOptions.brief(seed: 3, validators: 4)
    options.suite = suite
    options.hasRealSignatures = true
    options.chaosHeights = 4
    options.chaosTicks = 1_000_000
    options.faults = [.processCrash]
    options.saboteurs = 0
    let first = Simulation(seed: 3, options: options).run()
    let second = Simulation(seed: 3, options: options).run()
    #expect(first.isSound, "\(first.text)")
    #expect(first == second)
    #expect(first.height > 0)
  }
}

import BlockLog
import Primitives
import Testing

@testable import Replica
@testable import Simulation

/// A world that a test leads by the hand: no clients, no chaos.
final class Stage {
  let world: World
  /// Δ in microseconds.
  let delta: UInt64 = 100_000

  init(validators: Int, seed: UInt64 = 1, _ change: (inout SwarmOptions) -> Void = { _ in }) {
    var options = SwarmOptions()
    options.validators = validators
    change(&options)
    world = World(seed: seed, options: options)
    world.areClientsActive = false
    for node in world.nodes {
      world.found(node)
      world.start(node)
    }
    run(50_000)
  }

  func run(_ microseconds: UInt64) { world.run(until: world.later(microseconds)) { false } }

  /// Runs until something is so; false if it is not within that time.
  func run(atMost microseconds: UInt64, until isSo: () -> Bool) -> Bool {
    let end = world.later(microseconds)
    while world.now < end, world.report.violation == nil {
      if isSo() { return true }
      run(200)
    }
    return isSo()
  }

  func submit(to node: Int) {
    world.submit(world.workload.probe(at: world.clientTime, world.chain.model), to: world.nodes[node])
  }

  /// Stops a node for good.
  func kill(_ node: Int) { world.crash(world.nodes[node], for: UInt64.max / 4...UInt64.max / 4) }

  func height(_ node: Int) -> UInt64 { world.nodes[node].life?.index.height.rawValue ?? 0 }

  func isFinal(_ height: UInt64) -> Bool {
    world.nodes.allSatisfy { $0.life == nil || $0.life?.index.height.rawValue ?? 0 >= height }
  }

  var broken: String? { world.report.violation }
}

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

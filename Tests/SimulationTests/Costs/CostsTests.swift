import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("A cluster in which work has costs")
struct CostsTests {
  private func isSlower(_ change: (inout SimulatedCosts) -> Void) -> Bool {
    func latency(_ costs: SimulatedCosts) -> Double {
      var plan = LoadPlan()
      plan.costs = costs
      plan.blocks = 10
      let (figures, violation) = LoadRun(plan).run()
      #expect(violation == nil)
      #expect(figures.blocks == 10)
      return figures.latencyMedian
    }
    let costs = SimulatedCosts()
    var expensive = costs
    change(&expensive)
    return latency(expensive) > latency(costs) + 0.1
  }

  @Test("the cost of every part shows in the latency")
  func everyCost() {
    #expect(isSlower { $0.check *= 4 })
    #expect(isSlower { $0.sign *= 10 })
    #expect(isSlower { $0.input *= 50 })
    #expect(isSlower { $0.execution *= 50 })
    #expect(isSlower { $0.admission *= 50 })
    #expect(isSlower { $0.frame *= 50 })
    #expect(isSlower { $0.bandwidth /= 100 })
    #expect(isSlower { $0.sync *= 3 })
  }

  @Test("a frame arrives B·8/R after the last bit before it, plus the delay")
  func frames() {
    var costs = SimulatedCosts()
    costs.bandwidth = 8_000_000
    costs.frame = 0
    costs.networkByte = 0
    costs.input = 0
    let harness = SimulationHarness(validators: 4) { options in
      options.costs = costs
      options.sites = SiteDelays(oneWay: [[0]])
    }
    harness.run(3_000_000)
    var arrivals: [(node: Int, tick: Tick)] = []
    let cluster = harness.cluster
    cluster.watch = { observation in
      if case .input(let node, _, .frame(_, let bytes), _) = observation, bytes.count >= 1000 {
        arrivals.append((node, cluster.now))
      }
    }
    // A block that nobody asked for has no effects.
    let start = cluster.now
    guard let run = cluster.nodes[0].run else { return }
    for size in [1000, 3000] {
      let frame = PeerMessage.block(Array(repeating: 0, count: size - 5)).encoded()
      cluster.carry(frame, from: cluster.nodes[0], run, to: 1)
    }
    harness.run(4500)
    #expect(arrivals.map(\.node) == [1, 1])
    #expect(arrivals.map { $0.tick.microseconds(since: start) } == [1000, 4000])
  }

  @Test("a transfer costs the replica's thread as much as the figures say")
  func transfer() {
    let costs = SimulatedCosts()
    let perTransfer = costs.admission + costs.execution + 2 * 260 * costs.contentByte
    #expect((14_500...15_500).contains(perTransfer))
  }

  @Test("no seed breaks a promise when work has costs", arguments: UInt64(1)...6)
  func faults(seed: UInt64) {
    var options = SwarmOptions.brief(seed: seed, validators: 4)
    options.costs = SimulatedCosts()
    options.sites = seed.isMultiple(of: 2) ? .region : nil
    let first = Simulation(seed: seed, options: options).run()
    #expect(first.isSound, "\(first.text)")
    #expect(first == Simulation(seed: seed, options: options).run(), "the same seed, the same run")
  }

  @Test("a run without costs is unaffected by them", arguments: [4, 7])
  func withoutCosts(validators: Int) {
    let options = SwarmOptions.brief(seed: 3, validators: validators)
    let plain = Simulation(seed: 3, options: options).run()
    var costly = options
    costly.costs = SimulatedCosts()
    #expect(Simulation(seed: 3, options: costly).run().hash != plain.hash)
    #expect(options.costs == nil && options.sites == nil)
  }

  @Test("distances show: light worldwide load takes three message delays, and under saturation the queues fill")
  func load() {
    var plan = LoadPlan()
    plan.validators = 4
    plan.sites = .world
    plan.blocks = 10
    plan.offeredPerSecond = 2
    let (light, lightViolation) = LoadRun(plan).run()
    #expect(lightViolation == nil)
    #expect((150...500).contains(light.latencyMedian))
    plan.sites = .lan
    plan.offeredPerSecond = 20_000
    plan.callSize = 20
    plan.inFlight = 2000
    let (saturated, violation) = LoadRun(plan).run()
    #expect(violation == nil)
    #expect(saturated.transactionsPerSecond > 2000)
    #expect(saturated.checkShare > 0.05 && saturated.checkShare <= 1)
    let shares = saturated.sendingShare + saturated.votingShare + saturated.buildingShare
    #expect(abs(shares - 1) < 0.001)
  }
}

import Testing

@testable import Simulation

@Testing.Suite("Clusters whose validators change")
struct ChangingSetsTests {
  /// Runs seeds in which the validators change, records broken promises, and adds up the counts.
  private func run(
    _ seeds: ClosedRange<UInt64>, validators: Int, _ change: (inout SwarmOptions) -> Void = { _ in }
  ) -> [String: Int] {
    var counts: [String: Int] = [:]
    for seed in seeds {
      var options = SwarmOptions.brief(seed: seed, validators: validators)
      options.spares = 3
      options.fewestValidators = seed.isMultiple(of: 2) ? 1 : min(4, validators)
      options.setPause = 20_000...300_000
      options.chaosHeights = 40
      change(&options)
      let report = Simulation(seed: seed, options: options).run()
      if !report.isSound { Issue.record("\(report.text)") }
      counts.merge(report.counts) { $0 + $1 }
    }
    return counts
  }

  private func expectChanges(_ counts: [String: Int]) {
    for name in ["epochs begun", "validators added", "validators removed", "vote keys changed", "vote keys destroyed"] {
      #expect(counts[name, default: 0] > 0, "\(name)")
    }
  }

  @Test("validators come, go and change their keys, without faults", arguments: [1, 4])
  func calm(validators: Int) {
    let counts = run(1...4, validators: validators) {
      $0.faults = []
      $0.faultPause = nil
      $0.traitors = 0
    }
    expectChanges(counts)
  }

  @Test("under all faults every promise holds", arguments: [1, 2, 4, 7])
  func faults(validators: Int) {
    expectChanges(run(1...8, validators: validators) { $0.traitors = 0 })
  }

  @Test(
    "with traitors, who go on after they were removed", arguments: [TraitorKind.twins, .noise, .equivocate, .dripSync])
  func traitors(kind: TraitorKind) {
    let counts = run(1...4, validators: 4) {
      $0.traitors = 1
      $0.traitorKind = kind
      $0.faults.subtract([.lostDirectory, .bitFlip, .bitRot])
    }
    expectChanges(counts)
  }

  @Test(
    "long runs that once stood still, for administrators counted on a node that listened, and a founder knew nobody",
    arguments: [(seed: 1178, validators: 4), (1557, 1)])
  func stoodStill(seed: UInt64, validators: Int) {
    var plan = RunPlan()
    plan.validators = validators
    plan.views = 500
    let report = Simulation(seed: seed, options: plan.options(seed: seed)).run()
    if !report.isSound { Issue.record("\(report.text)") }
  }

  @Test("the same seed gives the same history")
  func determinism() {
    for seed in UInt64(1)...3 {
      var options = SwarmOptions.brief(seed: seed, validators: 4)
      options.spares = 2
      options.setPause = 20_000...200_000
      #expect(Simulation(seed: seed, options: options).run() == Simulation(seed: seed, options: options).run())
    }
  }
}

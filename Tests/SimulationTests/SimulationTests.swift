import Primitives
import Testing

@testable import Simulation

@Testing.Suite("Whole clusters under seeded faults")
struct SimulationTests {
  /// Runs seeds, and records the report of each run that breaks a promise.
  static func expectSound(_ seeds: Range<UInt64>, validators: Int) {
    for seed in seeds {
      let report = Simulation(seed: seed, options: .brief(seed: seed, validators: validators)).run()
      if !report.isSound { Issue.record("\(report.text)") }
    }
  }

  @Test("no seed breaks a promise", arguments: [1, 2, 3, 4, 5, 7], [0, 1, 2, 3])
  func swarm(validators: Int, part: Int) {
    let count: UInt64 = [1: 30, 2: 20, 3: 15, 4: 20, 5: 8, 7: 5][validators] ?? 5
    let first = 1000 * UInt64(validators) + UInt64(part) * count
    Self.expectSound(first..<first + count, validators: validators)
  }

  @Test("no seed breaks a promise, sizes up to 16", arguments: [6] + Array(8...16))
  func larger(validators: Int) {
    let first = 1000 * UInt64(validators)
    Self.expectSound(first..<first + 2, validators: validators)
  }

  @Test("no fault alone breaks a promise", arguments: FaultKind.allCases)
  func everyFault(kind: FaultKind) {
    var happened = 0
    for seed in UInt64(1)...4 {
      var options = SwarmOptions.brief(seed: seed, validators: 4)
      options.faults = [kind]
      options.faultPause = 5000...120_000
      options.traitors = 0
      options.quality = .building
      let report = Simulation(seed: seed, options: options).run()
      if !report.isSound { Issue.record("\(report.text)") }
      happened += report.counts["fault: \(kind.rawValue)", default: 0]
    }
    #expect(happened > 0)
  }

  @Test("the same seed gives the same history", arguments: [1, 4, 7])
  func determinism(validators: Int) {
    for seed in UInt64(50)..<54 {
      let options = SwarmOptions.brief(seed: seed, validators: validators)
      let first = Simulation(seed: seed, options: options).run()
      let second = Simulation(seed: seed, options: options).run()
      #expect(first == second)
      let other = Simulation(seed: seed + 100, options: options).run()
      #expect(other.hash != first.hash)
    }
  }
}

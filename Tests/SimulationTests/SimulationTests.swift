import Primitives
import Testing

@testable import Simulation

@Testing.Suite("Whole clusters under seeded faults")
struct SimulationTests {
  /// Runs seeds and names the first broken promise of each with its replay.
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

import Consensus
import Foundation
import Primitives
import Testing

@Testing.Suite("Many machines under seeded faults")
struct NetworkTests {
  /// Schedules of each kind. ROADBED_SEEDS asks for more; without optimisation a schedule takes thirty times
  /// as long.
  static let seeds: UInt64 = {
    if let asked = ProcessInfo.processInfo.environment["ROADBED_SEEDS"].flatMap({ UInt64($0) }) { return asked }
    #if DEBUG
      return 6
    #else
      return 200
    #endif
  }()

  @Test("Whatever is lost, late, cut off or crashed, there is one chain, and it grows again", arguments: 1...7)
  func faults(validators: Int) throws {
    for seed in 1...Self.seeds {
      let network = Chaos.run(validators: validators, seed: seed, traitors: 0)
      #expect(network.spy.findings.isEmpty, "n \(validators), seed \(seed): \(network.spy.findings)")
      if !network.spy.findings.isEmpty { return }
    }
  }

  @Test("C10: f traitors that use a key in two places do not change that", arguments: [4, 5, 6, 7])
  func traitors(validators: Int) throws {
    var caught = 0
    for seed in 1...Self.seeds {
      let network = Chaos.run(validators: validators, seed: seed, traitors: (validators - 1) / 3)
      #expect(network.spy.findings.isEmpty, "n \(validators), seed \(seed): \(network.spy.findings)")
      if !network.spy.findings.isEmpty { return }
      caught += network.evidence.count
    }
    #expect(caught > 0)
  }

  @Test("The same seed gives the same run, step by step")
  func deterministic() {
    let runs = (0..<2).map { _ in Chaos.run(validators: 4, seed: 3, traitors: 1) }
    #expect(runs[0].steps == runs[1].steps && runs[0].sent == runs[1].sent && runs[0].now == runs[1].now)
    #expect(runs[0].spy.chain.map(\.block) == runs[1].spy.chain.map(\.block))
  }

  @Test("The checks can fail: every deliberate mistake is found in a few seeds", arguments: Network.Defect.allCases)
  func defects(defect: Network.Defect) {
    let found = (1...80 as ClosedRange<UInt64>).first { seed in
      !Chaos.run(validators: 4, seed: seed, traitors: 0, defect: defect).spy.findings.isEmpty
    }
    #expect(found != nil)
    print("\(defect) found with seed \(found ?? 0)")
  }
}

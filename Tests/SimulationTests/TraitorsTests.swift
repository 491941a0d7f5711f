import Testing

@testable import Simulation

@Testing.Suite("Validators that do not keep the rules")
struct TraitorsTests {
  /// Runs seeds with f traitors, and adds up the counts of their reports.
  private func run(
    _ traitorKind: TraitorKind, validators: Int, seeds: ClosedRange<UInt64>,
    _ change: (inout SwarmOptions) -> Void = { _ in }
  ) -> [String: Int] {
    var counts: [String: Int] = [:]
    for seed in seeds {
      var options = SwarmOptions.brief(seed: seed, validators: validators)
      options.traitors = (validators - 1) / 3
      options.traitorKind = traitorKind
      options.faults = [.partition, .pause]
      options.quality = .local
      options.clientPause = 2000...20_000
      options.faultPause = 2000...40_000
      options.chaosHeights = 20
      change(&options)
      let report = Simulation(seed: seed, options: options).run()
      if !report.isSound { Issue.record("\(report.text)") }
      counts.merge(report.counts) { $0 + $1 }
    }
    return counts
  }

  @Test("C10: equivocating leaders and voters leave evidence, and the others continue", arguments: [4, 7])
  func twins(validators: Int) {
    // With seven validators, two traitors seldom get conflicting votes out of one view.
    let counts = run(.twins, validators: validators, seeds: 1...(validators == 4 ? 8 : 48))
    #expect(counts["evidence", default: 0] > 0)
  }

  @Test(
    "C4: forged, repeated and impossible messages are refused and blamed, and the others continue", arguments: [4, 7])
  func noise(validators: Int) {
    let counts = run(.noise, validators: validators, seeds: 1...8)
    #expect(counts["blamed: certificate.bad-signature", default: 0] > 0)
    #expect(counts["blamed: certificate.no-quorum", default: 0] > 0)
    #expect(counts["blamed: encoding.truncated", default: 0] > 0)
    #expect(counts["traitor: impossible frames", default: 0] > 100)
  }

  @Test(
    "H2: traitors that sabotage catching up delay nobody, whether the others have all blocks or snapshots only",
    arguments: [TraitorKind.captureSync, .dripSync], [nil, 2] as [UInt64?])
  func saboteurs(kind: TraitorKind, historyKept: UInt64?) {
    let counts = run(kind, validators: 4, seeds: 1...12) {
      $0.faults = [.partition, .pause, .processCrash]
      $0.snapshotInterval = 2
      $0.snapshotGap = 3
      $0.historyKept = historyKept
    }
    let sabotages = ["traitor: manifests instead of blocks", "traitor: single blocks", "traitor: hidden proposals"]
    let happened = sabotages.reduce(0) { $0 + counts[$1, default: 0] }
    #expect(happened > 0)
  }

  @Test(
    "C10, C12, C15: with f traitors of every kind, every promise holds, and the others continue",
    arguments: TraitorKind.allCases, [4, 7])
  func everyKind(traitorKind: TraitorKind, validators: Int) {
    let counts = run(traitorKind, validators: validators, seeds: validators == 4 ? 11...13 : 11...11)
    let isSeen = counts.contains { $0.key.hasPrefix("traitor: ") }
    #expect(isSeen)
  }
}

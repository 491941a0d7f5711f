import Ledger
import Testing

@testable import Simulation

@Testing.Suite("Terms of assets, closed accounts and registrars in a cluster")
struct TermsTests {
  @Test("In drawn runs, each new operation is applied and fails, and all nodes agree with the model")
  func drawn() {
    var counts: [String: Int] = [:]
    for seed in UInt64(1)...8 {
      var options = SwarmOptions()
      options.leaderTimeoutMilliseconds = 50
      options.clientPause = 1000...8000
      options.chaosHeights = 400
      let report = Simulation(seed: seed, options: options).run()
      #expect(report.isSound, "\(report.text)")
      counts.merge(report.counts) { $0 + $1 }
    }
    let expected: [OperationKind: [OutcomeCode]] = [
      .accountClose: [.applied, .accountMain, .accountNotEmpty, .accountUnknown],
      .assetCap: [.applied, .assetCapNotLower], .assetHandOver: [.applied, .assetSameIssuer],
      .assetFreeze: [.applied, .assetFrozen], .assetUnfreeze: [.applied, .assetNotFrozen],
      .memberAdd: [.applied, .memberExists],
    ]
    for (kind, codes) in expected {
      for code in codes { #expect(counts["\(kind.name): \(code.code)", default: 0] > 0, "\(kind.name): \(code.code)") }
    }
  }
}

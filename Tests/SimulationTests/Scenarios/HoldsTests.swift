import Ledger
import NodeCore
import Primitives
import Testing

@testable import Simulation

@Testing.Suite("Holds in a cluster")
struct HoldsTests {
  @Test("An idle cluster returns a hold ten seconds after its expiry, in one block, and falls silent again")
  func idle() throws {
    let harness = SimulationHarness(validators: 4)
    // The asset is defined and issued.
    #expect(harness.grow(2))
    let (payer, payee) = (AccountName(Population.banks[0]), AccountName(Population.banks[1]))
    let reference = try #require(HoldReference("order 1"))
    let expires = harness.cluster.clientTime.advanced(byMilliseconds: 5000)
    let request = harness.cluster.workload.change(
      [
        .holdPlace(
          asset: Population.asset, from: payer, to: payee, amount: Amount(10), reference: reference, expires: expires)
      ], by: [Population.banks[0]], at: harness.cluster.clientTime, harness.cluster.chain.model)
    harness.cluster.submit(request, to: harness.cluster.nodes[1])
    #expect(harness.run(atMost: 100_000) { harness.isFinal(3) })
    let key = LedgerModel.HoldKey(payer, reference)
    #expect(harness.cluster.chain.model.holds[key]?.expires == expires)
    harness.run(14_700_000)
    #expect(harness.cluster.chain.height == Height(3), "the clocks of others may be ten seconds behind")
    #expect(harness.run(atMost: 1_000_000) { harness.isFinal(4) })
    #expect(harness.cluster.chain.model.holds[key] == nil)
    #expect(harness.cluster.chain.blocks[3].count == 0)
    harness.run(2_000_000)
    let before = harness.cluster.nodes.map { $0.run?.journal.appended }
    harness.run(60_000_000)
    #expect(harness.cluster.nodes.map { $0.run?.journal.appended } == before)
    #expect(harness.cluster.chain.height == Height(4))
    #expect(harness.violation == nil)
  }

  @Test("In drawn runs, holds are applied, fail for every reason that clients can give, and return when they expire")
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
    let codes: [OutcomeCode] = [
      .applied, .holdExists, .holdUnknown, .holdOtherTerms, .holdAmountExceeded, .holdExpiryPassed, .holdExpiryTooFar,
      .memberUnknown, .accountFrozen, .authorityMissing,
    ]
    for code in codes { #expect(counts["holds: \(code.code)", default: 0] > 0, "\(code.code): \(counts)") }
    #expect(counts["holds returned", default: 0] > 20, "\(counts)")
  }
}

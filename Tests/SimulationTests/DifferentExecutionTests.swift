import Testing

@testable import Ledger
@testable import Simulation

@Testing.Suite("A node whose execution differs")
struct DifferentExecutionTests {
  @Test("C15: it stops with the reason, and the others continue", arguments: UInt64(1)...3)
  func stops(seed: UInt64) {
    var options = SwarmOptions()
    options.leaderTimeoutMilliseconds = 50
    options.clientPause = 5000...60_000
    options.chaosHeights = 40
    options.chaosTicks = 10_000_000
    options.stepsPerCheck = 0
    var simulation = Simulation(seed: seed, options: options)
    // At node 0 no account can pay, but the state root does not show it.
    simulation.tampering = { ledger in
      for slot in 0..<UInt32(ledger.accounts.count) { ledger.accounts.change(slot) { $0.account.isFrozen = true } }
      ledger.accounts.endSettledBlock()
    }
    let report = simulation.run()
    #expect(report.isSound, "\(report.text)")
    #expect(report.counts["stopped: node.result-differs"] == 1)
    #expect(report.height >= 40)
  }
}

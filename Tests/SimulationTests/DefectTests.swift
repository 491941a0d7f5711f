import Primitives
import Testing

@testable import Ledger
@testable import Simulation

/// The oracles must be able to fail: each deliberate defect in the shell around the replicas is caught.
@Testing.Suite("Deliberate defects are caught")
struct DefectTests {
  /// The first broken promise among `seeds` runs with the defect.
  private func firstViolation(_ defect: Defect, seeds: UInt64, _ prepare: (inout SwarmOptions) -> Void) -> String? {
    for seed in 1...seeds {
      if let violation = run(defect, seed: seed, prepare).violation { return violation }
    }
    return nil
  }

  private func run(_ defect: Defect, seed: UInt64, _ prepare: (inout SwarmOptions) -> Void) -> Report {
    var options = SwarmOptions()
    options.defect = defect
    options.leaderTimeoutMilliseconds = 50
    options.clientPause = 5000...60_000
    options.chaosHeights = 40
    options.chaosTicks = 10_000_000
    options.stepsPerCheck = 0
    prepare(&options)
    var simulation = Simulation(seed: seed, options: options)
    // Its first account cannot pay there, which no root says.
    simulation.tampering = { ledger in
      ledger.accounts.beginBlock(0)
      for slot in 0..<UInt32(ledger.accounts.count) { ledger.accounts.change(slot) { $0.account.isFrozen = true } }
      ledger.accounts.endSettledBlock()
    }
    return simulation.run()
  }

  @Test("a vote that leaves before its record is durable")
  func sendBeforeSync() throws {
    let violation = try #require(firstViolation(.sendBeforeSync, seeds: 1) { _ in })
    #expect(violation.hasPrefix("8:"))
  }

  @Test("a disk that says durable too early")
  func durableBeforeSync() throws {
    let violation = try #require(firstViolation(.durableBeforeSync, seeds: 1) { _ in })
    #expect(violation.hasPrefix("8:"))
  }

  @Test("C8: a restart that forgets its votes")
  func forgetVotes() throws {
    let violation = firstViolation(.forgetVotesOnRestart, seeds: 20) { options in
      options.faults = [.processCrash, .partition]
      options.faultPause = 5000...60_000
    }
    let found = try #require(violation)
    #expect(found.contains("1:") || found.contains("runs twice"), "\(found)")
  }

  @Test("C7: a node without its directory that votes at once")
  func voteAfterLoss() throws {
    let violation = firstViolation(.voteAfterLoss, seeds: 20) { options in
      options.faults = [.lostDirectory, .partition]
      options.faultPause = 5000...60_000
    }
    let found = try #require(violation)
    #expect(found.contains("1:") || found.contains("runs twice"), "\(found)")
  }

  @Test("C7: a directory that is put back from a copy")
  func restoreOldDisk() throws {
    let violation = firstViolation(.restoreOldDisk, seeds: 20) { options in
      options.faults = [.processCrash, .partition]
      options.faultPause = 5000...60_000
    }
    let found = try #require(violation)
    #expect(found.contains("1:") || found.contains("runs twice"), "\(found)")
  }

  @Test("C4: signatures that nobody checks, and a validator that forges certificates")
  func trustSignatures() throws {
    let violation = firstViolation(.trustSignatures, seeds: 10) { options in
      options.saboteurs = 1
      options.sabotage = .noise
    }
    let found = try #require(violation)
    #expect(found.hasPrefix("6:") || found.contains("runs twice"), "\(found)")
  }

  @Test("blocks that are not written")
  func dropBlocks() throws {
    let violation = firstViolation(.dropBlocks, seeds: 1) { _ in }
    #expect(violation != nil)
  }

  @Test("C15: a node whose execution differs stops, and the others go on")
  func differentExecution() {
    // It is no defect of the others: every promise about them holds, and they finalize without it.
    for seed in UInt64(1)...3 {
      let report = run(.differentExecution, seed: seed) { _ in }
      #expect(report.isSound, "\(report.text)")
      #expect(report.counts["stopped: node.result-differs"] == 1)
      #expect(report.height >= 40)
    }
  }
}

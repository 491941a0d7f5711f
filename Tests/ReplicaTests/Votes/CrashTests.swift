import BlockLog
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Crashes and own votes")
struct CrashTests {
  /// What left the node may never contain two of these.
  private func contradiction(_ statements: [Statement]) -> String? {
    for (index, first) in statements.enumerated() {
      for second in statements.dropFirst(index + 1) where first.view == second.view && first != second {
        let isFinalAndNull = Set([first.kind, second.kind]) == [.nullify, .finalize]
        if first.kind == second.kind || isFinalAndNull { return "\(first) and \(second)" }
      }
    }
    return nil
  }

  /// Two views: one that is finalized, one that this node leads or follows and gives up, with what it needs.
  private func firstLife(_ harness: ReplicaHarness) throws {
    harness.submit(try harness.transaction())
    let block = harness.block([try harness.transaction()])
    if harness.leader(of: 1) != Int(harness.own.rawValue) { try harness.propose(block, view: 1) }
    guard case .notarize(let proposal) = harness.votes.first else { return }
    let certificate = try harness.certificate(.notarize(proposal), by: harness.others)
    harness.receive(.certificate(certificate), from: harness.others[0])
    harness.run(milliseconds: 700)
  }

  /// The world after the crash: another proposal, time-outs.
  private func secondLife(_ harness: ReplicaHarness) throws {
    harness.run(milliseconds: 100)
    for view in UInt64(1)...2 where harness.leader(of: view) != Int(harness.own.rawValue) {
      try harness.propose(harness.block([try harness.transaction()]), view: view)
    }
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 1500)
  }

  @Test("C8: after a crash at every write no two votes of a view contradict each other", arguments: [0, 1, 2])
  func everyWrite(own: Int) throws {
    let whole = try ReplicaHarness(validators: 4, own: own)
    try firstLife(whole)
    let records = whole.log.count
    #expect(records > 4)
    var checked = 0
    for kept in 1...records {
      // The disk stops taking anything after `kept` records: what waits for more stays in the outbox.
      let harness = try ReplicaHarness(validators: 4, own: own)
      harness.diskLimit = kept
      try firstLife(harness)
      let before = harness.votes
      harness.diskLimit = nil
      try harness.restart()
      try secondLife(harness)
      let found = contradiction(harness.votes)
      #expect(found == nil, "crash after record \(kept): \(found ?? "")")
      #expect(harness.stopReason == nil)
      checked += before.count
    }
    #expect(checked > 0)
  }

  @Test("C8: a vote is sent only when its record is durable, and counts only then")
  func waitsForDisk() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    harness.isDiskPrompt = false
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    #expect(harness.log.last?.kind == .vote)
    #expect(harness.log.dropLast().last?.kind == .block, "the body lies before the vote that depends on it")
    #expect(harness.votes.isEmpty)
    harness.sync(harness.log.count - 1)
    #expect(harness.votes.isEmpty)
    harness.sync()
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1))])
  }

  @Test("however long a sync takes, each own vote waits for it once, and is repeated after it")
  func hangingDisk() throws {
    let harness = try ReplicaHarness(validators: 4, own: 1)
    harness.isDiskPrompt = false
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 1000)
    // The proposal, and the vote that gives its view up.
    #expect(harness.heldBack == 2)
    harness.run(milliseconds: 100_000)
    #expect(harness.heldBack == 2)
    harness.sync()
    #expect(harness.votes.map(\.kind) == [.notarize, .nullify])
    harness.forgetSent()
    harness.run(milliseconds: 1000)
    #expect(Set(harness.votes.map(\.kind)) == [.notarize, .nullify])
  }

  @Test("a vote that is on disk is repeated even if the disk does not answer any more")
  func repeatedPastHangingDisk() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    harness.isDiskPrompt = false
    harness.run(milliseconds: 1000)
    harness.forgetSent()
    harness.run(milliseconds: 1000)
    #expect(Set(harness.votes) == [.notarize(harness.proposal(block, view: 1))])
    #expect(harness.heldBack == 1)
  }

  @Test("C8: a leader whose proposal is on disk sends it again and builds no other")
  func leaderRestarts() throws {
    let harness = try ReplicaHarness(validators: 4, own: 1)
    harness.submit(try harness.transaction())
    let first = try #require(harness.votes.first)
    #expect(first.kind == .notarize)
    try harness.restart()
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 90)
    #expect(harness.votes.allSatisfy { $0 == first })
    let again = harness.sent.contains {
      if case .proposal(let vote, _) = $0.message { vote.statement == first } else { false }
    }
    #expect(again)
  }

  @Test("a sole validator that crashed between its vote and the certificate continues", arguments: [true, false])
  func soleValidator(isVoteKept: Bool) throws {
    let harness = try ReplicaHarness(validators: 1, own: 0)
    harness.isDiskPrompt = false
    harness.submit(try harness.transaction())
    let vote = try #require(harness.log.firstIndex { $0.kind == .vote })
    harness.isDiskPrompt = true
    try harness.restart(keeping: isVoteKept ? vote + 1 : vote)
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 1000)
    #expect(harness.commits.count >= 1)
    #expect(harness.stopReason == nil)
  }

  @Test("D3: a log that fails stops voting immediately, and the node requests nothing more")
  func logFails() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    harness.step(.logFailed("no space"))
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    try harness.certify(block, view: 1)
    harness.run(milliseconds: 10_000)
    #expect(harness.votes.isEmpty)
    #expect(harness.stopReason == .logFailed("no space"))
    if case .failure(.notTaking(.logFailed)) = harness.submit(try harness.transaction()) {
    } else {
      Issue.record("a stopped node took a transaction")
    }
  }

  @Test("D3: if a sync fails, no vote in it leaves the node, which stops with the reason of the disk")
  func syncFails() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    harness.disk.failingSyncs = 1
    try harness.propose(harness.block([try harness.transaction()]), view: 1)
    guard case .logFailed(let reason)? = harness.stopReason else {
      return #expect(Bool(false), "\(String(describing: harness.stopReason))")
    }
    #expect(reason.contains("simulated input/output error"))
    harness.run(milliseconds: 10_000)
    #expect(harness.votes.isEmpty)
    try harness.restart()
    #expect(harness.stopReason == nil)
    #expect(!harness.log.contains { $0.kind == .vote })
  }

  @Test("a stopped node never asks to be woken up at a tick that has passed")
  func stoppedRests() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let missing = Proposal(epoch: .first, view: View(1), parent: .genesis, block: Digest(9, 9, 9, 9))
    // A block is wanted and the chain is behind when the log fails.
    harness.receive(.certificate(try harness.certificate(.notarize(missing), by: [1, 2, 3])), from: 1)
    harness.receive(.certificate(try harness.certificate(.finalize(missing, result: .zero), by: [1, 2, 3])), from: 1)
    harness.step(.logFailed("no space"))
    for _ in 0..<100 {
      harness.advance(milliseconds: 50)
      #expect(harness.replica.nextDeadline ?? Tick(.max) > harness.now.tick)
    }
  }
}

import Ledger
import Primitives
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
  private func firstLife(_ bench: Bench) throws {
    bench.submit(try bench.transaction())
    let block = bench.block([try bench.transaction()])
    if bench.leader(of: 1) != Int(bench.own.rawValue) { try bench.propose(block, view: 1) }
    guard case .notarize(let proposal) = bench.votes.first else { return }
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: bench.others)), from: bench.others[0])
    bench.run(milliseconds: 700)
  }

  /// The world after the crash: another proposal, time-outs.
  private func secondLife(_ bench: Bench) throws {
    bench.run(milliseconds: 100)
    for view in UInt64(1)...2 where bench.leader(of: view) != Int(bench.own.rawValue) {
      try bench.propose(bench.block([try bench.transaction()]), view: view)
    }
    bench.submit(try bench.transaction())
    bench.run(milliseconds: 1500)
  }

  @Test("C8: after a crash at every write no two votes of a view contradict each other", arguments: [0, 1, 2])
  func everyWrite(own: Int) throws {
    let whole = try Bench(validators: 4, own: own)
    try firstLife(whole)
    let records = whole.log.count
    #expect(records > 4)
    var checked = 0
    for kept in 1...records {
      // The disk stops taking anything after `kept` records: what waits for more stays in the outbox.
      let bench = try Bench(validators: 4, own: own)
      bench.diskLimit = kept
      try firstLife(bench)
      let before = bench.votes
      bench.diskLimit = nil
      try bench.restart()
      try secondLife(bench)
      let found = contradiction(bench.votes)
      #expect(found == nil, "crash after record \(kept): \(found ?? "")")
      #expect(bench.stopReason == nil)
      checked += before.count
    }
    #expect(checked > 0)
  }

  @Test("C8: a vote leaves only when its record is durable, and counts only then")
  func waitsForDisk() throws {
    let bench = try Bench(validators: 4, own: 0)
    bench.isDiskPrompt = false
    let block = bench.block([try bench.transaction()])
    try bench.propose(block, view: 1)
    #expect(bench.log.last?.kind == .vote)
    #expect(bench.log.dropLast().last?.kind == .block, "the body lies before the vote that depends on it")
    #expect(bench.votes.isEmpty)
    bench.sync(bench.log.count - 1)
    #expect(bench.votes.isEmpty)
    bench.sync()
    #expect(bench.votes == [.notarize(bench.proposal(block, view: 1))])
  }

  @Test("C8: a leader whose proposal is on disk sends that one again and builds no other")
  func leaderRestarts() throws {
    let bench = try Bench(validators: 4, own: 1)
    bench.submit(try bench.transaction())
    let first = try #require(bench.votes.first)
    #expect(first.kind == .notarize)
    try bench.restart()
    bench.submit(try bench.transaction())
    bench.run(milliseconds: 90)
    #expect(bench.votes.allSatisfy { $0 == first })
    let again = bench.sent.contains {
      if case .proposal(let vote, _) = $0.message { vote.statement == first } else { false }
    }
    #expect(again)
  }

  @Test("a sole validator that crashed between its vote and the certificate goes on", arguments: [true, false])
  func soleValidator(isVoteKept: Bool) throws {
    let bench = try Bench(validators: 1, own: 0)
    bench.isDiskPrompt = false
    bench.submit(try bench.transaction())
    let vote = try #require(bench.log.firstIndex { $0.kind == .vote })
    bench.isDiskPrompt = true
    try bench.restart(keeping: isVoteKept ? vote + 1 : vote)
    bench.submit(try bench.transaction())
    bench.run(milliseconds: 1000)
    #expect(bench.commits.count >= 1)
    #expect(bench.stopReason == nil)
  }

  @Test("D3: a log that fails stops the votes at once, and the node asks for nothing more")
  func logFails() throws {
    let bench = try Bench(validators: 4, own: 0)
    bench.step(.logFailed("no space"))
    let block = bench.block([try bench.transaction()])
    try bench.propose(block, view: 1)
    let proposal = bench.proposal(block, view: 1)
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    bench.run(milliseconds: 10_000)
    #expect(bench.votes.isEmpty)
    #expect(bench.stopReason == .logFailed("no space"))
    if case .failure(.notTaking(.logFailed)) = bench.submit(try bench.transaction()) {
    } else {
      Issue.record("a stopped node took a transaction")
    }
  }

  @Test("a stopped node never wants to be woken up at a tick that has passed")
  func stoppedRests() throws {
    let bench = try Bench(validators: 4, own: 0)
    let missing = Proposal(epoch: .first, view: View(1), parent: .genesis, block: Digest(9, 9, 9, 9))
    // A block is wanted and the chain is behind when the log fails.
    bench.receive(.certificate(try bench.certificate(.notarize(missing), by: [1, 2, 3])), from: 1)
    bench.receive(.certificate(try bench.certificate(.finalize(missing, result: .zero), by: [1, 2, 3])), from: 1)
    bench.step(.logFailed("no space"))
    for _ in 0..<100 {
      bench.advance(milliseconds: 50)
      #expect(bench.replica.nextDeadline ?? Tick(.max) > bench.now.tick)
    }
  }
}

import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Leading")
struct LeadingTests {
  private func proposed(_ bench: Bench) throws -> Block? {
    for entry in bench.sent {
      if case .proposal(_, let bytes) = entry.message {
        return try Block(bytes: bytes, chain: bench.population.chain, hash: &bench.hash)
      }
    }
    return nil
  }

  @Test("C18: without work nothing is said, written or asked for but the status")
  func idle() throws {
    let bench = try Bench(validators: 4, own: 1)
    bench.forgetSent()
    bench.run(milliseconds: 600_000)
    #expect(bench.log.count == 1)
    #expect(bench.sent.allSatisfy { $0.message.kind == .status })
    #expect(bench.replica.standing.view == View(1))
    bench.submit(try bench.transaction())
    #expect(try proposed(bench)?.count == 1)
  }

  @Test("C18: a transaction that no block can take any more starts no views and leaves")
  func hopeless() throws {
    let bench = try Bench(validators: 4, own: 1)
    bench.submit(try bench.transaction(validFor: 500))
    let first = try #require(try proposed(bench))
    #expect(first.count == 1)
    bench.receive(.certificate(try bench.certificate(bench.nullify(1), by: [0, 2, 3])), from: 2)
    bench.run(milliseconds: 60_000)
    #expect(bench.replica.standing.poolTransactions == 0)
    bench.forgetSent()
    bench.run(milliseconds: 60_000)
    #expect(bench.votes.isEmpty)
  }

  @Test("C5: the own block is checked like any other")
  func ownBlock() throws {
    let bench = try Bench(validators: 4, own: 1)
    bench.areWorkersPrompt = true
    bench.submit(try bench.transaction())
    let block = try #require(try proposed(bench))
    #expect(bench.replica.chain.tree[block.digest]?.isChecked == true)
    #expect(bench.votes == [.notarize(bench.proposal(block, view: 1))])
  }

  @Test("C14: a block's time is above its parent's even when the clock went back")
  func clockBack() throws {
    let bench = try Bench(validators: 4, own: 2)
    let first = bench.block([try bench.transaction()])
    try bench.propose(first, view: 1)
    bench.receive(
      .certificate(try bench.certificate(.notarize(bench.proposal(first, view: 1)), by: [0, 1, 3])), from: 1)
    bench.now.wall = Timestamp(bench.now.wall.rawValue - 4000)
    bench.forgetSent()
    bench.submit(try bench.transaction())
    let second = try #require(try proposed(bench))
    #expect(second.header.timestamp == first.header.timestamp.advanced(byMilliseconds: 1))
    #expect(second.header.parent == first.digest)
  }

  @Test("C14: a leader waits for its clock rather than propose a block from too far ahead")
  func waitsForClock() throws {
    let bench = try Bench(validators: 4, own: 2)
    let ahead = bench.now.wall.advanced(byMilliseconds: Limits.clockDriftMilliseconds)
    let first = bench.block([try bench.transaction()], at: ahead)
    try bench.propose(first, view: 1)
    bench.receive(
      .certificate(try bench.certificate(.notarize(bench.proposal(first, view: 1)), by: [0, 1, 3])), from: 1)
    bench.forgetSent()
    bench.submit(try bench.transaction())
    #expect(try proposed(bench) == nil, "the next block would be beyond the drift")
    bench.run(milliseconds: 10)
    let second = try #require(try proposed(bench))
    #expect(second.header.timestamp == ahead.advanced(byMilliseconds: 1))
    #expect(bench.rejections.isEmpty)
  }

  @Test("C18: thousands of blocks within a second do not drive the chain's time away from the clock")
  func fastChain() throws {
    let bench = try Bench(validators: 1, own: 0)
    bench.submit(try bench.transaction())
    // The clock goes back to where half of the drift is nearly used up.
    bench.now.wall = Timestamp(bench.now.wall.rawValue - Limits.clockDriftMilliseconds / 2 + 100)
    for _ in 0..<600 {
      bench.submit(try bench.transaction())
      // A tenth of a millisecond for each.
      bench.now.tick = bench.now.tick.advanced(byMicroseconds: 100)
      if bench.now.tick.rawValue.isMultiple(of: 1000) { bench.now.wall = bench.now.wall.advanced(byMilliseconds: 1) }
    }
    bench.run(milliseconds: 5)
    let standing = bench.replica.standing
    let limit = bench.now.wall.advanced(byMilliseconds: Limits.clockDriftMilliseconds / 2 + 50)
    #expect(standing.committed.timestamp < limit)
    #expect(bench.rejections.isEmpty)
    #expect(!bench.notices.contains { if case .gaveUp = $0 { true } else { false } })
    #expect(standing.poolTransactions == 0)
  }

  @Test("C19: an empty block carries an unfinished one on")
  func emptyBlock() throws {
    let bench = try Bench(validators: 4, own: 2)
    let first = bench.block([try bench.transaction()])
    try bench.propose(first, view: 1)
    bench.receive(
      .certificate(try bench.certificate(.notarize(bench.proposal(first, view: 1)), by: [0, 1, 3])), from: 1)
    bench.forgetSent()
    #expect(try proposed(bench) == nil)
    bench.run(milliseconds: 150)
    let second = try #require(try proposed(bench))
    #expect(second.count == 0)
    #expect(second.header.parent == first.digest)
  }
}

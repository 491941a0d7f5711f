import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Leading")
struct LeadingTests {
  private func proposed(_ harness: ReplicaHarness) throws -> Block? {
    for entry in harness.sent {
      if case .proposal(_, let bytes) = entry.message {
        return try Block(bytes: bytes, chain: harness.population.chain, hash: &harness.hash)
      }
    }
    return nil
  }

  @Test("C18: without work, nothing is sent, written or requested except the status")
  func idle() throws {
    let harness = try ReplicaHarness(validators: 4, own: 1)
    harness.forgetSent()
    harness.run(milliseconds: 600_000)
    #expect(harness.log.count == 1)
    #expect(harness.sent.allSatisfy { $0.message.kind == .status })
    #expect(harness.replica.status.view == View(1))
    harness.submit(try harness.transaction())
    #expect(try proposed(harness)?.count == 1)
  }

  @Test("C18: a transaction that no block can contain any more starts no views and is removed")
  func hopeless() throws {
    let harness = try ReplicaHarness(validators: 4, own: 1)
    harness.submit(try harness.transaction(validFor: 500))
    let first = try #require(try proposed(harness))
    #expect(first.count == 1)
    harness.receive(.certificate(try harness.certificate(harness.nullify(1), by: [0, 2, 3])), from: 2)
    harness.run(milliseconds: 60_000)
    #expect(harness.replica.status.poolTransactions == 0)
    harness.forgetSent()
    harness.run(milliseconds: 60_000)
    #expect(harness.votes.isEmpty)
  }

  @Test("C5: the node's own block is checked like any other")
  func ownBlock() throws {
    let harness = try ReplicaHarness(validators: 4, own: 1)
    harness.areWorkersPrompt = true
    harness.submit(try harness.transaction())
    let block = try #require(try proposed(harness))
    #expect(harness.replica.chain.tree[block.digest]?.isChecked == true)
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1))])
  }

  @Test("C14: a block's time is above its parent's even if the clock went back")
  func clockBack() throws {
    let harness = try ReplicaHarness(validators: 4, own: 2)
    let first = harness.block([try harness.transaction()])
    try harness.propose(first, view: 1)
    harness.receive(
      .certificate(try harness.certificate(.notarize(harness.proposal(first, view: 1)), by: [0, 1, 3])), from: 1)
    harness.now.wall = Timestamp(harness.now.wall.rawValue - 4000)
    harness.forgetSent()
    harness.submit(try harness.transaction())
    let second = try #require(try proposed(harness))
    #expect(second.header.timestamp == first.header.timestamp.advanced(byMilliseconds: 1))
    #expect(second.header.parent == first.digest)
  }

  @Test("C14: a leader waits for its clock rather than propose a block too far ahead of it")
  func waitsForClock() throws {
    let harness = try ReplicaHarness(validators: 4, own: 2)
    let ahead = harness.now.wall.advanced(byMilliseconds: Limits.clockDriftMilliseconds)
    let first = harness.block([try harness.transaction()], at: ahead)
    try harness.propose(first, view: 1)
    harness.receive(
      .certificate(try harness.certificate(.notarize(harness.proposal(first, view: 1)), by: [0, 1, 3])), from: 1)
    harness.forgetSent()
    harness.submit(try harness.transaction())
    #expect(try proposed(harness) == nil, "the next block would be beyond the drift")
    harness.run(milliseconds: 10)
    let second = try #require(try proposed(harness))
    #expect(second.header.timestamp == ahead.advanced(byMilliseconds: 1))
    #expect(harness.rejections.isEmpty)
  }

  @Test("C18: thousands of blocks within a second do not drive the chain's time away from the clock")
  func fastChain() throws {
    let harness = try ReplicaHarness(validators: 1, own: 0)
    harness.submit(try harness.transaction())
    // The clock goes back to where half of the drift is nearly used up.
    harness.now.wall = Timestamp(harness.now.wall.rawValue - Limits.clockDriftMilliseconds / 2 + 100)
    for _ in 0..<600 {
      harness.submit(try harness.transaction())
      // A tenth of a millisecond for each.
      harness.now.tick = harness.now.tick.advanced(byMicroseconds: 100)
      if harness.now.tick.rawValue.isMultiple(of: 1000) {
        harness.now.wall = harness.now.wall.advanced(byMilliseconds: 1)
      }
    }
    harness.run(milliseconds: 5)
    let status = harness.replica.status
    let limit = harness.now.wall.advanced(byMilliseconds: Limits.clockDriftMilliseconds / 2 + 50)
    #expect(status.committed.timestamp < limit)
    #expect(harness.rejections.isEmpty)
    #expect(!harness.notices.contains { if case .gaveUp = $0 { true } else { false } })
    #expect(status.poolTransactions == 0)
  }

  @Test("C19: an empty block brings finality to an unfinished one")
  func emptyBlock() throws {
    let harness = try ReplicaHarness(validators: 4, own: 2)
    let first = harness.block([try harness.transaction()])
    try harness.propose(first, view: 1)
    harness.receive(
      .certificate(try harness.certificate(.notarize(harness.proposal(first, view: 1)), by: [0, 1, 3])), from: 1)
    harness.forgetSent()
    #expect(try proposed(harness) == nil)
    harness.run(milliseconds: 150)
    let second = try #require(try proposed(harness))
    #expect(second.count == 0)
    #expect(second.header.parent == first.digest)
  }
}

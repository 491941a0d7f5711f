import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("What is under way when an epoch ends")
final class EpochSwitchTests: EpochHistory {
  /// Makes a block of the next epoch final.
  private func open() throws {
    harness.epoch = Epoch(1)
    let block = harness.block([try harness.transaction()], on: points[1])
    try harness.propose(block, view: 1)
    try harness.certify(block, view: 1)
    let point = try harness.points(blocks + [block])[2]
    harness.receive(.certificate(try harness.finalization(block, point, view: 1)), from: 1)
    #expect(harness.commits.map(\.block.digest) == (blocks + [block]).map(\.digest))
    #expect(harness.stopReason == nil && harness.blame.isEmpty)
  }

  @Test("R37: own votes that are not durable when their epoch ends hold up nothing, and count no more")
  func undurable() throws {
    try harness.finalize([blocks[0]])
    harness.isDiskPrompt = false
    harness.forgetSent()
    try harness.propose(blocks[1], view: 2, parent: 1)
    try harness.certify(blocks[1], view: 2, parent: 1)
    harness.receive(.certificate(closing), from: 1)
    #expect(begun == [Epoch(1)] && harness.votes.isEmpty)
    let waiting = harness.replica.votes.own.count
    #expect(waiting == 0)
    harness.isDiskPrompt = true
    harness.sync()
    // They were said before the end, and leave the node once they are durable.
    #expect(harness.votes.filter { $0.epoch == .first }.map(\.kind) == [.notarize, .finalize])
    try open()
  }

  @Test("R37: of what is being verified when an epoch ends, only transactions are answered")
  func checks() throws {
    try certifyClosing()
    harness.areWorkersPrompt = false
    for peer in 1...3 {
      harness.receive(.vote(try harness.vote(harness.nullify(3), by: peer)), from: peer)
    }
    let transaction = try harness.transaction()
    harness.submit(transaction)
    harness.receive(.certificate(closing), from: 1)
    let old = harness.requests
    #expect(old.count > 2)
    let certificate = try #require(old.last)
    harness.verify(certificate)
    #expect(begun == [Epoch(1)])
    let tickets = harness.replica.context.tickets.count
    #expect(tickets == 1)
    for request in old.dropLast() { harness.verify(request) }
    let left = harness.replica.context.tickets.count
    #expect(left == 0)
    #expect(harness.answers.map { try? $0.answer.get().id } == [transaction.id])
    harness.areWorkersPrompt = true
    try open()
  }

  @Test("R37: a proposal that waits for its parent's certificates when the epoch ends is forgotten")
  func waiting() throws {
    try certifyClosing()
    // Its parent view is not known to be over.
    let other = harness.block([try harness.transaction()], on: points[0])
    try harness.propose(other, view: 4, parent: 1)
    try harness.propose(blocks[1], view: 3, parent: 2)
    harness.receive(.certificate(closing), from: 1)
    let open = [
      harness.replica.proposals.checkCount, harness.replica.proposals.certificationCount,
      harness.replica.blockSync.wantedCount, harness.replica.chain.tree.count,
    ]
    #expect(open == [0, 0, 0, 0])
    try self.open()
  }
}

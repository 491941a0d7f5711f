import Ledger
import NodeCore
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Trying a transaction at a replica")
struct PreviewTests {
  private func preview(_ harness: ReplicaHarness, _ transaction: SignedTransaction) throws -> TransactionPreview {
    let draft = TransactionDraft(transaction, chain: harness.population.chain)
    return try harness.withHost { try $0.preview(draft, now: harness.now.wall) }
  }

  @Test("It is made above the newest executed block, which need not be final, and nothing follows from it")
  func noStep() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let open = Operation.accountOpen(account: Population.account("\(Population.banks[0])/x"), description: "")
    let transaction = try harness.transaction([open], of: Population.banks[0])
    #expect(try preview(harness, transaction).outcome == .applied)
    let block = harness.block([try harness.transaction([open], of: Population.banks[0])])
    try harness.propose(block, view: 1)
    try harness.certify(block, view: 1)
    let sent = harness.sent.count
    let (log, deadline) = (harness.log.count, harness.replica.nextDeadline)
    let preview = try preview(harness, transaction)
    #expect(preview.point.height == Height(1))
    #expect(preview.outcome.code == .accountExists)
    #expect(harness.replica.status.poolTransactions == 0)
    harness.replica.checkInvariants()
    // The chain goes on as if nothing had been asked.
    #expect(harness.sent.count == sent && harness.log.count == log && harness.replica.nextDeadline == deadline)
    harness.receive(
      .certificate(try harness.finalization(block, try harness.points([block])[0], view: 1)), from: 1)
    #expect(harness.commits.map(\.block.digest) == [block.digest])
    #expect(try harness.submit(transaction)?.get().id == transaction.id)
  }

  @Test("A node that has stopped says why instead of what it no longer knows")
  func stopped() throws {
    let harness = try ReplicaHarness()
    let transaction = try harness.transaction()
    harness.step(.logFailed("the disk is full"))
    let refusal = #expect(throws: SubmissionRefusal.self) { try preview(harness, transaction) }
    #expect(refusal?.code == "node.log-failed")
  }
}

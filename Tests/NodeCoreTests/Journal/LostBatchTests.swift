import Consensus
import Ledger
import Primitives
import Replica
import TestHarness
import Testing

/// A disk that loses in a crash what it had synced. No program can prevent what such a node forgets; these tests say
/// what follows from it.
@Testing.Suite("A disk that lost its last synced batch")
struct LostBatchTests {
  /// A node that has voted for a block, and whose log then ends before that.
  private func forgetful() throws -> (harness: ReplicaHarness, block: Block, vote: Statement) {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    let vote = try #require(harness.votes.first)
    #expect(vote == .notarize(harness.proposal(block, view: 1)))
    try harness.restart(keeping: 1)
    harness.forgetSent()
    return (harness, block, vote)
  }

  @Test("D8: the first certificate with a vote that the disk has lost stops the node's voting, and is reported")
  func noticed() throws {
    let (harness, _, vote) = try forgetful()
    harness.receive(.certificate(try harness.certificate(vote, by: [0, 1, 2])), from: 1)
    #expect(harness.stopReason == .ownKeyElsewhere(vote))
    harness.run(milliseconds: 5000)
    #expect(harness.votes.isEmpty)
  }

  @Test("D8: a node whose disk has lost a vote says the same again when it sees the same block again")
  func sameAgain() throws {
    let (harness, block, vote) = try forgetful()
    try harness.propose(block, view: 1)
    #expect(harness.votes == [vote])
    #expect(harness.stopReason == nil)
  }

  @Test("D8: once a view is final, a vote in it that the disk has lost is not contradicted")
  func harmless() throws {
    let (harness, block, _) = try forgetful()
    let point = try #require(try harness.points([block]).first)
    harness.receive(.certificate(try harness.finalization(block, point, view: 1)), from: 1)
    try harness.propose(harness.block([try harness.transaction()]), view: 1)
    let contradictions = harness.votes.filter { $0.round.view == View(1) }
    #expect(contradictions.isEmpty)
  }
}

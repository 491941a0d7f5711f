import Ledger
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

/// What a start makes of the records of a log.
@Testing.Suite("The start of a node")
struct StartupTests {
  @Test("a base record below blocks that are final does not stop the node, which commits the next block")
  func baseBelowFinalBlocks() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let blocks = try harness.chain(3)
    let finalizations = try harness.finalize(Array(blocks.prefix(2)))
    let first = try #require(harness.commits.first)
    let proof = CertifiedBlock(
      header: first.block.header, result: first.execution.result, descendants: [], certificate: finalizations[0])
    let base = PendingRecord(BaseEntry(proof, chain: harness.population.chain), height: proof.height)
    try harness.adopt(harness.log + [base])
    #expect(harness.replica.status.committed.height == Height(2))
    let point = try #require(try harness.points(blocks).last)
    try harness.propose(blocks[2], view: 3, parent: 2)
    try harness.certify(blocks[2], view: 3, parent: 2)
    harness.receive(.certificate(try harness.finalization(blocks[2], point, view: 3, parent: 2)), from: 1)
    #expect(harness.replica.status.committed.height == Height(3))
    try harness.restart()
    #expect(harness.replica.status.committed.height == Height(3))
  }
}

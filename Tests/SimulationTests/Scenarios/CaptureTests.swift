import BlockLog
import Ledger
import NodeCore
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("A peer that wants to decide how a node catches up")
struct CaptureTests {
  /// Microseconds after which a question is repeated at the latest.
  private let retry: UInt64 = 200_000

  /// A cluster in which node 0 was away while the others reached height 12, with snapshots at heights 5 and 10 that the
  /// honest nodes no longer have. Node 0 hears only the puppet, which has shown it that height 12 is final.
  private func captured(gap: UInt64) throws -> (harness: SimulationHarness, snapshot: StoredSnapshot<MemoryDisk>) {
    let harness = SimulationHarness(validators: 7, puppets: 1) {
      $0.snapshotInterval = 5
      $0.snapshotGap = gap
    }
    #expect(harness.grow(8, by: 1))
    harness.kill(0)
    #expect(harness.grow(4, by: 1))
    harness.run(200_000)
    var snapshot: StoredSnapshot<MemoryDisk>?
    for node in 1..<6 {
      let store = harness.cluster.snapshotStore(of: harness.cluster.nodes[node])
      let last = try #require(try store.heights().last)
      #expect(last == Height(10))
      // The puppet keeps a copy that nobody else can reach.
      snapshot = try SnapshotStore(
        harness.cluster.nodes[node].snapshotDisk.copy(), chain: harness.cluster.population.chain
      ).open(last)
      for height in try store.heights() { try store.remove(height) }
    }
    harness.connect { from, to in from != 0 && to != 0 }
    harness.cluster.start(harness.cluster.nodes[0])
    harness.run(50_000)
    for other in 1..<6 { harness.cluster.disconnect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
    harness.cluster.step(harness.cluster.nodes[0], .connected(PeerID(6)))
    harness.send(.certificate(try harness.finalization(of: 1)), to: 0)
    harness.run(1000)
    #expect(harness.height(0) == 8)
    return (harness, try #require(snapshot))
  }

  private func join(_ harness: SimulationHarness) {
    harness.join()
    for other in 1..<6 { harness.cluster.connect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
  }

  @Test("H2: a genuine manifest instead of blocks does not keep the node from asking the others for blocks")
  func manifestInsteadOfBlocks() throws {
    let (harness, snapshot) = try captured(gap: .max)
    harness.send(.snapshot(snapshot.manifestBytes), to: 0)
    harness.run(1000)
    join(harness)
    #expect(harness.run(atMost: 2 * retry) { harness.height(0) == 12 })
    #expect(harness.cluster.report.counts["joined by a snapshot", default: 0] == 0)
    #expect(harness.violation == nil)
  }

  @Test("H2: a false height makes a node neither join a snapshot of a recent height nor wait for one")
  func falseHeight() throws {
    let (harness, snapshot) = try captured(gap: 4)
    harness.send(
      .status(PeerStatus(epoch: .first, view: View(1000), finalizedView: View(999), height: Height(1_000_000))), to: 0)
    harness.run(1000)
    harness.send(.snapshot(snapshot.manifestBytes), to: 0)
    harness.run(1000)
    join(harness)
    #expect(harness.run(atMost: 2 * retry) { harness.height(0) == 12 })
    #expect(harness.violation == nil)
  }
}

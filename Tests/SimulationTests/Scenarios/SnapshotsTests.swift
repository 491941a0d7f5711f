import BlockLog
import Ledger
import NodeCore
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("Joining by a snapshot")
struct SnapshotsTests {
  private func harness(puppets: Int = 0) -> SimulationHarness {
    SimulationHarness(validators: puppets > 0 ? 7 : 4, puppets: puppets) {
      $0.snapshotInterval = 5
      $0.snapshotGap = 4
    }
  }

  private func counted(_ harness: SimulationHarness, _ name: String) -> Int {
    harness.cluster.report.counts[name, default: 0]
  }

  /// Empties both disks of a node.
  private func clear(_ node: SimulatedNode) {
    node.disk = MemoryDisk()
    node.snapshotDisk = MemoryDisk()
    node.durable = DurableStatements()
    node.isRecovering = true
  }

  /// A cluster in which node 0 lost its disks while the others reached height 12, with snapshots at heights 5 and 10.
  /// It now hears only the puppet.
  private func lost() -> SimulationHarness {
    let harness = harness(puppets: 1)
    harness.kill(0)
    #expect(harness.grow(12, by: 1))
    harness.run(200_000)
    harness.connect { from, to in from != 0 && to != 0 }
    clear(harness.cluster.nodes[0])
    harness.cluster.start(harness.cluster.nodes[0])
    harness.run(50_000)
    for other in 1..<6 { harness.cluster.disconnect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
    harness.cluster.step(harness.cluster.nodes[0], .connected(PeerID(6)))
    return harness
  }

  /// Lets the puppet report the height of the chain, so that node 0 asks it for a snapshot.
  private func reportHeight(_ harness: SimulationHarness) throws {
    harness.send(.certificate(try harness.finalization(of: 1)), to: 0)
    harness.send(
      .status(PeerStatus(epoch: .first, view: View(20), finalizedView: View(19), height: Height(12))), as: 6, to: 0)
    harness.run(2_000_000)
  }

  private func stored(_ harness: SimulationHarness) throws -> StoredSnapshot<MemoryDisk> {
    let store = harness.cluster.snapshotStore(of: harness.cluster.nodes[1])
    return try store.open(try #require(try store.heights().last))
  }

  private func join(_ harness: SimulationHarness) {
    harness.join()
    for other in 1..<6 { harness.cluster.connect(harness.cluster.nodes[0], harness.cluster.nodes[other]) }
  }

  @Test("S4: a node that lost everything loads a snapshot, follows, votes again, and restarts from it")
  func joins() throws {
    let harness = harness()
    #expect(harness.grow(12, by: 0))
    harness.run(200_000)
    let node = harness.cluster.nodes[3]
    harness.cluster.crash(node, for: 1_000_000...1_000_000)
    clear(node)
    // The others prune what the snapshot covers, so that only a snapshot can help.
    for other in harness.cluster.nodes.dropLast() {
      let run = try #require(other.run)
      run.index.prune(through: Height(9), before: 0)
    }
    harness.run(3_000_000)
    #expect(harness.run(atMost: 10_000_000) { harness.height(3) == 12 })
    #expect(node.run?.index.base == Height(10))
    #expect(counted(harness, "joined by a snapshot") == 1)
    #expect(harness.grow(2, by: 3))
    #expect(harness.run(atMost: 20_000_000) { node.run?.replica.isListening == false })
    harness.cluster.crash(node, losingPower: true, for: 1000...1000)
    harness.run(500_000)
    #expect(harness.run(atMost: 10_000_000) { harness.height(3) == 14 })
    #expect(counted(harness, "starts from a snapshot") > 0)
    #expect(harness.violation == nil)
  }

  @Test("S4: tampered chunks are refused and blamed, and the chain is fetched from others")
  func tamperedChunk() throws {
    let harness = lost()
    try reportHeight(harness)
    let snapshot = try stored(harness)
    harness.send(.snapshot(snapshot.manifestBytes), as: 6, to: 0)
    harness.run(100_000)
    let run = try #require(harness.cluster.nodes[0].run)
    #expect(run.replica.stateSync.isUnderWay)
    var bytes = try snapshot.chunk(0)
    bytes[bytes.count - 1] ^= 1
    harness.send(.chunk(snapshot.manifest.height, index: 0, bytes: bytes), as: 6, to: 0)
    harness.run(10_000)
    #expect(harness.blamed("snapshot.other-chunk") + harness.blamed("snapshot.malformed-chunk") == 1)
    #expect(harness.height(0) == 0)
    join(harness)
    #expect(harness.run(atMost: 20_000_000) { harness.height(0) == 12 })
    #expect(harness.violation == nil)
  }

  @Test(
    "S4: manifests with too many chunks, of another state, without a quorum, or older than the own chain are ignored")
  func forgedManifests() throws {
    let sound = try stored(lost()).manifest
    let forgeries: [(code: String, change: (inout SnapshotManifest) -> Void)] = [
      ("snapshot.chunk-count", { $0.chunks += $0.chunks }),
      ("snapshot.other-root", { $0.chunks[0] = Digest(1, 2, 3, 4) }),
      ("snapshot.not-certified", { $0.proof.result.stateRoot = Digest(1, 2, 3, 4) }),
      ("snapshot.not-certified", { $0.proof.header.height = Height(11) }),
      ("certificate.bad-signature", { $0.proof.certificate.signatures[0] = Signature(first: .zero, second: .zero) }),
    ]
    for forgery in forgeries {
      let harness = lost()
      try reportHeight(harness)
      var manifest = sound
      forgery.change(&manifest)
      harness.send(.snapshot(manifest.encoded(harness.cluster.population.chain)), as: 6, to: 0)
      harness.run(100_000)
      #expect(harness.blamed(forgery.code) == 1, "\(forgery.code)")
      #expect(harness.cluster.nodes[0].run?.replica.stateSync.isUnderWay == false)
      #expect(harness.violation == nil)
    }
    // A node that is above the snapshot's height does not fetch it.
    let harness = harness(puppets: 1)
    #expect(harness.grow(12, by: 1))
    harness.send(.snapshot(sound.encoded(harness.cluster.population.chain)), as: 6, to: 0)
    harness.run(100_000)
    #expect(harness.cluster.nodes[0].run?.replica.stateSync.isUnderWay == false)
    #expect(harness.violation == nil)
  }

  @Test("S4: a fetch that a crash interrupts continues after it")
  func resumes() throws {
    let harness = lost()
    try reportHeight(harness)
    harness.send(.snapshot(try stored(harness).manifestBytes), as: 6, to: 0)
    harness.run(100_000)
    harness.cluster.crash(harness.cluster.nodes[0], losingPower: true, for: 1000...1000)
    harness.run(100_000)
    #expect(counted(harness, "resumed snapshots") == 1)
    #expect(harness.cluster.nodes[0].run?.replica.stateSync.isUnderWay == true)
    // The others prune what the snapshot covers: otherwise the blocks would be here first.
    for other in 1..<6 {
      let run = try #require(harness.cluster.nodes[other].run)
      run.index.prune(through: Height(9), before: 0)
    }
    join(harness)
    #expect(harness.run(atMost: 20_000_000) { harness.height(0) == 12 })
    #expect(counted(harness, "joined by a snapshot") == 1)
    #expect(harness.violation == nil)
  }
}

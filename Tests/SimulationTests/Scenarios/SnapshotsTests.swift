import BlockLog
import Ledger
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("Joining by a snapshot")
struct SnapshotsTests {
  private func stage(puppets: Int = 0) -> Stage {
    Stage(validators: puppets > 0 ? 7 : 4, puppets: puppets) {
      $0.snapshotInterval = 5
      $0.snapshotGap = 4
    }
  }

  private func counted(_ stage: Stage, _ name: String) -> Int { stage.world.report.counts[name, default: 0] }

  /// Loses everything that a node has on its disks.
  private func clear(_ node: SimulatedNode) {
    node.disk = MemoryDisk()
    node.snapshots = MemoryDisk()
    node.shelf = DurableShelf()
    node.isRecovering = true
  }

  /// Node 0 lost all while the others reached height 12 with snapshots of 5 and 10, and hears the puppet alone.
  private func lost() -> Stage {
    let stage = stage(puppets: 1)
    stage.kill(0)
    #expect(stage.grow(12, by: 1))
    stage.run(200_000)
    stage.connect { from, to in from != 0 && to != 0 }
    clear(stage.world.nodes[0])
    stage.world.start(stage.world.nodes[0])
    stage.run(50_000)
    for other in 1..<6 { stage.world.disconnect(stage.world.nodes[0], stage.world.nodes[other]) }
    stage.world.step(stage.world.nodes[0], .connected(ValidatorIndex(6)))
    return stage
  }

  /// The puppet says where the chain is, so that it is asked for a snapshot.
  private func lure(_ stage: Stage) throws {
    let certificate = try #require(stage.world.nodes[1].life?.replica.consensus.finalization)
    stage.say(.certificate(certificate), to: 0)
    stage.say(
      .status(PeerStatus(epoch: .first, view: View(20), finalizedView: View(19), height: Height(12))), as: 6, to: 0)
    stage.run(2_000_000)
  }

  private func stored(_ stage: Stage) throws -> StoredSnapshot<MemoryDisk> {
    let shelf = stage.world.shelf(of: stage.world.nodes[1])
    return try shelf.open(try #require(try shelf.heights().last))
  }

  private func join(_ stage: Stage) {
    stage.join()
    for other in 1..<6 { stage.world.connect(stage.world.nodes[0], stage.world.nodes[other]) }
  }

  @Test("S4: a node that lost all stands on a snapshot, follows, votes again, and starts from it")
  func joins() throws {
    let stage = stage()
    #expect(stage.grow(12, by: 0))
    stage.run(200_000)
    let node = stage.world.nodes[3]
    stage.world.crash(node, for: 1_000_000...1_000_000)
    clear(node)
    // The others let go of what the snapshot covers: there is no other way.
    for other in stage.world.nodes.dropLast() {
      let life = try #require(other.life)
      life.index.prune(through: Height(9))
    }
    stage.run(3_000_000)
    #expect(stage.run(atMost: 10_000_000) { stage.height(3) == 12 })
    #expect(node.life?.index.base == Height(10))
    #expect(counted(stage, "joined by a snapshot") == 1)
    #expect(stage.grow(2, by: 3))
    #expect(stage.run(atMost: 20_000_000) { node.life?.replica.isListening == false })
    stage.world.crash(node, losingPower: true, for: 1000...1000)
    stage.run(500_000)
    #expect(stage.run(atMost: 10_000_000) { stage.height(3) == 14 })
    #expect(counted(stage, "starts from a snapshot") > 0)
    #expect(stage.broken == nil)
  }

  @Test("S4: tampered chunks are refused and blamed, and the chain comes from others")
  func tamperedChunk() throws {
    let stage = lost()
    try lure(stage)
    let snapshot = try stored(stage)
    stage.say(.snapshot(snapshot.manifestBytes), as: 6, to: 0)
    stage.run(100_000)
    let life = try #require(stage.world.nodes[0].life)
    #expect(life.replica.join.isUnderWay)
    var bytes = try snapshot.chunk(0)
    bytes[bytes.count - 1] ^= 1
    stage.say(.chunk(snapshot.manifest.height, index: 0, bytes: bytes), as: 6, to: 0)
    stage.run(10_000)
    #expect(stage.blamed("snapshot.other-chunk") + stage.blamed("snapshot.malformed-chunk") == 1)
    #expect(stage.height(0) == 0)
    join(stage)
    #expect(stage.run(atMost: 20_000_000) { stage.height(0) == 12 })
    #expect(stage.broken == nil)
  }

  @Test("S4: manifests with too many chunks, of another state, of no quorum, or older than the own chain begin nothing")
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
      let stage = lost()
      try lure(stage)
      var manifest = sound
      forgery.change(&manifest)
      stage.say(.snapshot(manifest.encoded(stage.world.population.chain)), as: 6, to: 0)
      stage.run(100_000)
      #expect(stage.blamed(forgery.code) == 1, "\(forgery.code)")
      #expect(stage.world.nodes[0].life?.replica.join.isUnderWay == false)
      #expect(stage.broken == nil)
    }
    // A node that is further than the snapshot takes none.
    let stage = stage(puppets: 1)
    #expect(stage.grow(12, by: 1))
    stage.say(.snapshot(sound.encoded(stage.world.population.chain)), as: 6, to: 0)
    stage.run(100_000)
    #expect(stage.world.nodes[0].life?.replica.join.isUnderWay == false)
    #expect(stage.broken == nil)
  }

  @Test("S4: a fetch that a crash interrupts goes on after it")
  func resumes() throws {
    let stage = lost()
    try lure(stage)
    stage.say(.snapshot(try stored(stage).manifestBytes), as: 6, to: 0)
    stage.run(100_000)
    stage.world.crash(stage.world.nodes[0], losingPower: true, for: 1000...1000)
    stage.run(100_000)
    #expect(counted(stage, "resumed snapshots") == 1)
    #expect(stage.world.nodes[0].life?.replica.join.isUnderWay == true)
    join(stage)
    #expect(stage.run(atMost: 20_000_000) { stage.height(0) == 12 })
    #expect(counted(stage, "joined by a snapshot") == 1)
    #expect(stage.broken == nil)
  }
}

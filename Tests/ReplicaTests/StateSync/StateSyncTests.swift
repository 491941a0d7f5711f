import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("The state sync machine")
struct StateSyncTests {
  private let harness: MachineHarness
  private var sync = StateSync()
  private var peers = Peers(nextStatus: Tick(0))

  init() throws { harness = try MachineHarness() }

  private mutating func claim(_ height: UInt64, by peer: PeerID) {
    peers.connect(peer)
    let status = PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: Height(height))
    _ = peers.receive(status, from: peer, harness.consensus, &harness.context)
  }

  @Test("A snapshot is requested only when a connected peer claims to be far ahead, and from one peer at a time")
  mutating func gap() throws {
    claim(harness.configuration.snapshotGap, by: PeerID(1))
    var isUnderWay = sync.fetch(harness.chain, peers, &harness.context)
    #expect(!isUnderWay)
    #expect(harness.sent.isEmpty)
    claim(harness.configuration.snapshotGap + 1, by: PeerID(2))
    for _ in 0..<3 { isUnderWay = sync.fetch(harness.chain, peers, &harness.context) }
    #expect(!isUnderWay)
    #expect(try harness.messages == [.fetchSnapshot(above: .genesis)])
    #expect(harness.sent.map(\.to) == [.peer(PeerID(1))])
  }

  @Test("The claim of a disconnected peer does not count")
  mutating func gone() {
    claim(harness.configuration.snapshotGap + 1, by: PeerID(2))
    _ = peers.disconnect(PeerID(2))
    peers.connect(PeerID(1))
    _ = sync.fetch(harness.chain, peers, &harness.context)
    #expect(harness.sent.isEmpty)
  }

  @Test("S4: an unrequested manifest is ignored; a requested one that is malformed is blamed")
  mutating func unasked() {
    sync.receive(
      manifest: [1, 2, 3], chunks: [], from: PeerID(2), isCatchingUp: true, harness.chain, &harness.context)
    #expect(harness.blame.isEmpty)
    sync.expect(from: PeerID(2))
    sync.receive(
      manifest: [1, 2, 3], chunks: [], from: PeerID(2), isCatchingUp: false, harness.chain, &harness.context)
    #expect(harness.blame.isEmpty)
    sync.receive(
      manifest: [1, 2, 3], chunks: [], from: PeerID(2), isCatchingUp: true, harness.chain, &harness.context)
    #expect(harness.blame.count == 1)
    #expect(!sync.isUnderWay)
  }

  @Test("Once its certificate is verified, a snapshot's chunks are fetched; a wrong chunk is blamed and not stored")
  mutating func chunks() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    let certificate = try harness.maker.certificate(
      .finalize(harness.maker.proposal(block, view: 1), result: .zero), by: [1, 2, 3])
    let result = BlockResult(height: Height(1), block: block.digest, stateRoot: .zero, outcomeRoot: .zero)
    let manifest = SnapshotManifest(
      entryCount: 1, chunks: [.zero, .zero, .zero],
      proof: CertifiedBlock(header: block.header, result: result, descendants: [], certificate: certificate))
    let refused = sync.finish(
      manifest, chunks: [], false, from: PeerID(1), isStopped: false, harness.chain, &harness.context)
    #expect(refused == nil)
    #expect(harness.blame == ["certificate.bad-signature"])
    #expect(!sync.isUnderWay)
    harness.forgetEffects()
    let taken = sync.finish(
      manifest, chunks: [1], true, from: PeerID(1), isStopped: false, harness.chain, &harness.context)
    #expect(taken == certificate)
    #expect(harness.context.effects.snapshotSteps.count == 1)
    for peer in UInt16(1)...2 { peers.connect(PeerID(peer)) }
    let isUnderWay = sync.fetch(harness.chain, peers, &harness.context)
    #expect(isUnderWay)
    #expect(try harness.messages == [.fetchChunk(Height(1), index: 0), .fetchChunk(Height(1), index: 2)])
    #expect(harness.sent.map(\.to) == [.peer(PeerID(1)), .peer(PeerID(2))])
    sync.receive(chunk: [1], index: 2, of: Height(1), from: PeerID(1), &harness.context)
    #expect(harness.blame.isEmpty)
    sync.receive(chunk: [1], index: 2, of: Height(1), from: PeerID(2), &harness.context)
    #expect(harness.blame.count == 1)
    #expect(harness.context.effects.snapshotSteps.count == 1)
  }

  @Test("An unrequested chunk is dropped silently")
  mutating func chunk() {
    sync.receive(chunk: [1], index: 0, of: Height(1), from: PeerID(1), &harness.context)
    #expect(harness.blame.isEmpty)
    #expect(harness.context.effects.snapshotSteps.isEmpty)
  }
}

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
    peers.receive(status, from: peer, harness.consensus, &harness.context)
  }

  private mutating func fetch(isNobodyLeft: Bool = false) {
    sync.fetch(isNobodyLeft: isNobodyLeft, harness.chain, peers, &harness.context)
  }

  private mutating func receive(_ bytes: [UInt8], from peer: PeerID, isInsteadOfBlocks: Bool = false) {
    _ = sync.receive(
      manifest: bytes, from: peer, isInsteadOfBlocks: isInsteadOfBlocks, isNobodyLeft: false, harness.chain,
      &harness.context)
  }

  /// A manifest with a proof for height 1, of a state that nobody has.
  private func manifest(chunks: Int = 3) throws -> (SnapshotManifest, Certificate) {
    let block = harness.maker.block([try harness.maker.transaction()])
    let certificate = try harness.maker.certificate(
      .finalize(harness.maker.proposal(block, view: 1), result: .zero), by: [1, 2, 3])
    let result = BlockResult(
      height: Height(1), block: block.digest, stateRoot: .zero, outcomeRoot: .zero,
      above: EpochReference(epoch: .first, configuration: .zero))
    let proof = CertifiedBlock(header: block.header, result: result, descendants: [], certificate: certificate)
    return (
      SnapshotManifest(entryCount: 1, chunks: Array(repeating: .zero, count: chunks), proof: proof), certificate
    )
  }

  @Test("H2: a snapshot is requested only when f + 1 validators claim to be far ahead, and from one peer at a time")
  mutating func gap() throws {
    let far = harness.configuration.snapshotGap + 1
    claim(far - 1, by: PeerID(1))
    claim(.max, by: PeerID(2))
    fetch()
    #expect(harness.sent.isEmpty)
    claim(far, by: PeerID(3))
    for _ in 0..<3 { fetch() }
    #expect(!sync.isUnderWay)
    // What is not far above is not even asked for.
    #expect(try harness.messages == [.fetchSnapshot(above: Height(far - 1))])
    #expect(harness.sent.map(\.to) == [.peer(PeerID(1))])
  }

  @Test("The claim of a disconnected peer does not count")
  mutating func gone() {
    for peer in UInt16(2)...3 { claim(harness.configuration.snapshotGap + 1, by: PeerID(peer)) }
    _ = peers.disconnect(PeerID(2))
    peers.connect(PeerID(1))
    fetch()
    #expect(harness.sent.isEmpty)
  }

  @Test("H2: a snapshot that is not far above is taken only if f + 1 validators no longer have the blocks")
  mutating func withoutBlocks() throws {
    let (manifest, _) = try manifest(chunks: 1)
    func isTaken() -> Bool {
      sync.finish(
        manifest, chunks: [], true, from: PeerID(1), isStopped: false, isNobodyLeft: false, harness.chain,
        &harness.context) != nil
    }
    for peer in UInt16(1)...3 { peers.connect(PeerID(peer)) }
    let bytes = manifest.encoded(harness.context.chain)
    for _ in 0..<2 {
      sync.expect(from: PeerID(1))
      receive(bytes, from: PeerID(1), isInsteadOfBlocks: true)
    }
    #expect(!isTaken())
    fetch()
    #expect(harness.sent.isEmpty)
    sync.expect(from: PeerID(2))
    receive(bytes, from: PeerID(2), isInsteadOfBlocks: true)
    fetch()
    #expect(try harness.messages.last == .fetchSnapshot(above: .genesis))
    #expect(isTaken())
  }

  @Test("H2: blocks from one peer do not make void what others said, and a peer that gives blocks is not without them")
  mutating func gave() throws {
    let (manifest, _) = try manifest(chunks: 1)
    let bytes = manifest.encoded(harness.context.chain)
    for peer in UInt16(1)...3 { peers.connect(PeerID(peer)) }
    for peer in UInt16(1)...2 {
      sync.expect(from: PeerID(peer))
      receive(bytes, from: PeerID(peer), isInsteadOfBlocks: true)
    }
    sync.gave(PeerID(3), harness.configuration)
    fetch()
    #expect(try harness.messages == [.fetchSnapshot(above: .genesis)])
    sync.gave(PeerID(1), harness.configuration)
    harness.advance(microseconds: 4 * harness.configuration.retryInterval)
    fetch()
    #expect(harness.sent.count == 1)
  }

  @Test("H2: the only peer that answers at all is believed, so that fewer than f + 1 peers can help")
  mutating func onlyOne() throws {
    let (manifest, _) = try manifest(chunks: 1)
    for peer in UInt16(1)...2 { peers.connect(PeerID(peer)) }
    sync.expect(from: PeerID(1))
    receive(manifest.encoded(harness.context.chain), from: PeerID(1), isInsteadOfBlocks: true)
    fetch()
    #expect(harness.sent.isEmpty)
    fetch(isNobodyLeft: true)
    #expect(try harness.messages == [.fetchSnapshot(above: .genesis)])
  }

  @Test("S4: an unrequested manifest is ignored; a requested one that is malformed is blamed")
  mutating func unasked() {
    receive([1, 2, 3], from: PeerID(2))
    #expect(harness.blame.isEmpty)
    sync.expect(from: PeerID(2))
    receive([1, 2, 3], from: PeerID(2))
    receive([1, 2, 3], from: PeerID(2))
    #expect(harness.blame.count == 1)
    #expect(!sync.isUnderWay)
  }

  @Test("Once its certificate is verified, a snapshot's chunks are fetched; a wrong chunk is blamed and not stored")
  mutating func chunks() throws {
    let (manifest, certificate) = try manifest()
    let refused = sync.finish(
      manifest, chunks: [], false, from: PeerID(1), isStopped: false, isNobodyLeft: false, harness.chain,
      &harness.context)
    #expect(refused == nil)
    #expect(harness.blame == ["certificate.bad-signature"])
    #expect(!sync.isUnderWay)
    harness.forgetEffects()
    let taken = sync.finish(
      manifest, chunks: [1], true, from: nil, isStopped: false, isNobodyLeft: false, harness.chain, &harness.context)
    #expect(taken == certificate)
    for peer in UInt16(1)...2 { peers.connect(PeerID(peer)) }
    fetch()
    #expect(sync.isUnderWay)
    #expect(try harness.messages == [.fetchChunk(Height(1), index: 0), .fetchChunk(Height(1), index: 2)])
    #expect(harness.sent.map(\.to) == [.peer(PeerID(1)), .peer(PeerID(2))])
    sync.receive(chunk: [1], index: 2, of: Height(1), from: PeerID(1), &harness.context)
    #expect(harness.blame.isEmpty)
    sync.receive(chunk: [1], index: 2, of: Height(1), from: PeerID(2), &harness.context)
    #expect(harness.blame.count == 1)
    #expect(harness.context.effects.snapshotSteps.isEmpty)
  }

  @Test("An unrequested chunk is dropped silently")
  mutating func chunk() {
    sync.receive(chunk: [1], index: 0, of: Height(1), from: PeerID(1), &harness.context)
    #expect(harness.blame.isEmpty)
    #expect(harness.context.effects.snapshotSteps.isEmpty)
  }
}

internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

/// Joins by a snapshot: requests a manifest if peers are far ahead, has it verified, fetches the chunks and has the
/// shell load them.
struct StateSync {
  private var join = SnapshotJoin()

  /// Whether a snapshot is being fetched or loaded, so that no blocks need to be fetched.
  var isUnderWay: Bool { join.isUnderWay }

  /// When a silent peer is given up.
  var nextDeadline: Tick? { join.nextDeadline }

  mutating func reset() { join.reset() }

  /// Handles the failure to load a snapshot whose chunks were all here.
  mutating func fail() { join.fail() }

  mutating func disconnect(_ peer: PeerID) { join.lost(peer) }

  /// Notes that a peer may offer a snapshot when it is asked for blocks that it no longer has.
  mutating func expect(from peer: PeerID) { join.expect(from: peer) }

  /// Requests a snapshot above the node's own chain, or chunks of the one that is being fetched. Returns whether blocks
  /// are not wanted in the meantime.
  mutating func fetch(_ chain: borrowing Chain, _ peers: borrowing Peers, _ context: inout StepContext) -> Bool {
    if join.isUnderWay { return fetchChunks(peers, &context) }
    let height = chain.committed.height
    // The height is a claim; it only decides what is requested first (attack S1).
    let ahead = peers.highest
    guard ahead > height, ahead.rawValue - height.rawValue > context.configuration.snapshotGap else { return false }
    let retry = 4 * context.configuration.retryInterval
    if let peer = join.nextPeer(of: peers.connected, now: context.now.tick, retry: retry) {
      context.send(.fetchSnapshot(above: height), to: .peer(peer))
    }
    // Peers may not have a snapshot yet, so blocks are requested as well.
    return false
  }

  // MARK: The manifest

  /// Handles a manifest from a peer that was asked, or from the node's own disk with the chunks that are there. If the
  /// manifest is useful, its certificate is verified.
  mutating func receive(
    manifest bytes: [UInt8], chunks: Set<Int>, from peer: PeerID?, isCatchingUp: Bool, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) {
    if let peer { guard isCatchingUp, join.accepts(from: peer) else { return } }
    do throws(SnapshotError) {
      let manifest = try SnapshotManifest(bytes, chain: context.chain)
      guard isUseful(manifest, chain) else { return }
      try manifest.verify(context.chain, hash: &context.hash)
      let certificate = manifest.proof.certificate
      guard certificate.statement.epoch == context.configuration.validators.epoch,
        let items = context.items(of: certificate, from: peer)
      else { return }
      context.verify(items, for: .manifest(manifest, chunks: chunks, from: peer))
    } catch {
      if let peer { context.blame(peer, error) }
    }
  }

  /// A snapshot is useful only if it is above the node's own chain and no other is being fetched or loaded.
  private func isUseful(_ manifest: SnapshotManifest, _ chain: borrowing Chain) -> Bool {
    manifest.height > chain.committed.height && !join.isUnderWay
  }

  /// Completes the verification of a manifest's certificate. Returns the certificate if the chunks will be fetched.
  mutating func finish(
    _ manifest: SnapshotManifest, chunks: Set<Int>, _ allHold: Bool, from peer: PeerID?, isStopped: Bool,
    _ chain: borrowing Chain, _ context: inout StepContext
  ) -> Certificate? {
    guard allHold else {
      if let peer {
        context.blame(
          peer, "certificate.bad-signature", "the finalization of a snapshot has an invalid signature")
      }
      return nil
    }
    guard !isStopped, isUseful(manifest, chain) else { return nil }
    join.begin(manifest, here: chunks)
    context.notice(.joining(manifest.height, chunks: manifest.chunks.count, here: chunks.count))
    if peer != nil {
      context.effects.snapshotSteps.append(.begin(manifest.height, manifest: manifest.encoded(context.chain)))
    }
    return manifest.proof.certificate
  }

  // MARK: Chunks

  private mutating func fetchChunks(_ peers: borrowing Peers, _ context: inout StepContext) -> Bool {
    let retry = 16 * context.configuration.retryInterval
    for (peer, index) in join.requests(of: peers.connected, now: context.now.tick, retry: retry) {
      guard let height = join.manifest?.height else { break }
      context.send(.fetchChunk(height, index: UInt32(index)), to: .peer(peer))
    }
    if let height = join.isReady() { context.effects.snapshotSteps.append(.assemble(height)) }
    return join.isUnderWay
  }

  mutating func receive(
    chunk bytes: [UInt8], index: Int, of height: Height, from peer: PeerID, _ context: inout StepContext
  ) {
    guard join.accepts(index, of: height, from: peer), let manifest = join.manifest else { return }
    guard !bytes.isEmpty else { return join.refused(index, by: peer) }
    do throws(SnapshotError) {
      _ = try manifest.chunk(index, bytes, hash: &context.hash)
      context.effects.snapshotSteps.append(.store(height, index: index, bytes: bytes))
    } catch {
      join.refused(index, by: peer)
      context.blame(peer, error)
    }
  }
}

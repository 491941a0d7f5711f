internal import Consensus
internal import Cryptography
package import Ledger
package import Primitives

// Copying the state out for a snapshot, and status on one that was fetched.
extension Replica {
  // MARK: Making one

  /// The block whose state waits to be copied; nil if none does.
  package var pinnedPoint: ChainPoint? { chain.ledger.pinnedPoint }

  /// How many rows there are to copy, at most.
  package var pinnedRowBound: Int { chain.ledger.pinnedRowBound }

  /// Copies a piece of the pinned state. False, and nothing is pinned any more, after the last one.
  package mutating func copyPinned(
    _ cursor: inout PinnedCursor, rows: Int, into batch: inout StateEntryBatch
  ) -> Bool {
    let isMore = chain.ledger.copyPinned(&cursor, rows: rows, into: &batch)
    if !isMore { endPinning() }
    return isMore
  }

  /// Gives up what is pinned.
  package mutating func endPinning() { chain.withLedger { $0.unpin() } }

  // MARK: Fetching one

  /// Asks for a snapshot, or for chunks of the one that is being fetched, if peers are far ahead. Returns whether
  /// blocks are not wanted meanwhile.
  mutating func fetchSnapshot(_ now: Now, _ effects: inout ReplicaEffects) -> Bool {
    if join.isUnderWay { return fetchChunks(now, &effects) }
    // A claim; it only decides what is asked for first (attack S1).
    let ahead = statuses.filter { connected.contains($0.key) }.values.map(\.height).max() ?? .genesis
    guard ahead.rawValue > chain.committed.height.rawValue,
      ahead.rawValue - chain.committed.height.rawValue > configuration.snapshotGap
    else { return false }
    if let peer = join.nextPeer(of: connected, now: now.tick, retry: 4 * configuration.retryInterval) {
      send(.fetchSnapshot(above: chain.committed.height), to: .peer(peer), &effects)
    }
    // Peers may have none yet: blocks are asked for as well.
    return false
  }

  private mutating func fetchChunks(_ now: Now, _ effects: inout ReplicaEffects) -> Bool {
    let retry = 16 * configuration.retryInterval
    for (peer, index) in join.requests(of: connected, now: now.tick, retry: retry) {
      guard let height = join.manifest?.height else { break }
      send(.fetchChunk(height, index: UInt32(index)), to: .peer(peer), &effects)
    }
    if let height = join.isReady() { effects.snapshotSteps.append(.assemble(height)) }
    return join.isUnderWay
  }

  /// A manifest from a peer that was asked, or from the own disk.
  mutating func takeManifest(
    _ bytes: [UInt8], chunks: Set<Int>, from peer: PeerID?, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    if let peer { guard sync.target != nil, join.takes(from: peer) else { return } }
    do throws(SnapshotError) {
      let manifest = try SnapshotManifest(bytes, chain: configuration.chain)
      guard isUseful(manifest) else { return }
      try manifest.verify(configuration.chain, hash: &hash)
      let certificate = manifest.proof.certificate
      guard certificate.statement.epoch == configuration.validators.epoch,
        peer != nil || certificate.hasQuorum(of: configuration.validators),
        let items = items(of: certificate, from: peer ?? PeerID(0), &effects)
      else { return }
      request(items, for: .manifest(manifest, chunks: chunks, from: peer), &effects)
    } catch {
      guard let peer else { return }
      effects.notices.append(.misbehaved(peer, code: error.code, explanation: error.explanation))
    }
  }

  /// A snapshot that stands hardly above the own chain saves nothing.
  private func isUseful(_ manifest: SnapshotManifest) -> Bool {
    manifest.height > chain.committed.height && !join.isUnderWay
  }

  mutating func finishManifest(
    _ manifest: SnapshotManifest, _ chunks: Set<Int>, _ allHold: Bool, from peer: PeerID?, _ now: Now,
    _ effects: inout ReplicaEffects
  ) {
    guard allHold else {
      guard let peer else { return }
      effects.notices.append(
        .misbehaved(
          peer, code: "certificate.bad-signature",
          explanation: "the finalization of a snapshot has a signature that does not hold"))
      return
    }
    guard stopped == nil, isUseful(manifest) else { return }
    join.begin(manifest, here: chunks)
    effects.notices.append(.joining(manifest.height, chunks: manifest.chunks.count, here: chunks.count))
    if peer != nil {
      effects.snapshotSteps.append(.begin(manifest.height, manifest: manifest.encoded(configuration.chain)))
    }
    feed(.certificate(manifest.proof.certificate), now, &effects)
  }

  mutating func takeChunk(
    _ bytes: [UInt8], index: Int, of height: Height, from peer: PeerID, _ now: Now,
    _ effects: inout ReplicaEffects
  ) {
    guard join.takes(index, of: height, from: peer), let manifest = join.manifest else { return }
    guard !bytes.isEmpty else { return join.refused(index, by: peer) }
    do throws(SnapshotError) {
      _ = try manifest.chunk(index, bytes, hash: &hash)
      effects.snapshotSteps.append(.store(height, index: index, bytes: bytes))
    } catch {
      join.refused(index, by: peer)
      effects.notices.append(.misbehaved(peer, code: error.code, explanation: error.explanation))
    }
  }

  /// Stands on a state that was loaded from a snapshot whose manifest and chunks were checked, and goes on from there.
  /// Nothing happens if the own chain is as far already.
  package mutating func install(_ state: consuming LoadedState, now: Now, effects: inout ReplicaEffects) {
    join.reset()
    guard stopped == nil, let proof = state.proof, proof.height > chain.committed.height else { return }
    chain.replace(ledger: state.ledger)
    let point = chain.committed
    building = nil
    checks = [:]
    mempool.rebase { chain.ledger.settledContains($0) }
    var writer = Writer(capacity: 1024)
    proof.encode(into: &writer, chain: configuration.chain)
    append(PendingRecord(.base, height: point.height, block: point.block, payload: writer.bytes), &effects)
    effects.notices.append(.joined(point.height))
    if case .finalize = proof.certificate.statement, sync.target == nil { sync.target = proof.certificate }
    feed(.certificate(proof.certificate), now, &effects)
    reportWork(now, &effects)
    pump(now, &effects)
  }
}

internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

/// Joins by a snapshot: requests a manifest if it is far behind, has it verified, fetches the chunks and has the shell
/// load them.
///
/// A snapshot is taken only if its own certificate proves that it is far above, or if the blocks below it cannot be had:
/// f + 1 validators say that they no longer have them, so a correct one does, or whoever is connected gives none. Until
/// the snapshot is loaded, blocks are requested as well, so one peer's offer never keeps a node from blocks that another
/// peer has (attack H2).
struct StateSync {
  private var join = SnapshotJoin()
  /// The height of the snapshot that is being fetched, as was reported.
  private var reported: Height?
  /// The heights of the snapshots that validators offered instead of blocks. What a peer says remains true while the
  /// chain grows towards that height, so nobody can make it void with single blocks.
  private var withoutBlocks: [ValidatorIndex: Height] = [:]

  /// Whether a snapshot is being fetched or loaded.
  var isUnderWay: Bool { join.isUnderWay }
  var isFetching: Bool { join.isFetching }

  /// When something is due for the snapshot that is being fetched.
  func nextDeadline(_ configuration: ReplicaConfiguration) -> Tick? {
    join.nextDeadline(retry: configuration.retryInterval)
  }

  mutating func reset() {
    join.reset()
    withoutBlocks = [:]
  }

  /// Notes that a peer gave blocks: if it said that it does not have them, that is no longer true.
  mutating func gave(_ peer: PeerID, _ configuration: ReplicaConfiguration) {
    if let validator = configuration.peers.validator(peer) { withoutBlocks[validator] = nil }
  }

  /// Asks for a manifest again at once: what was missing to verify one is here.
  mutating func askAgain() { join.askAgain() }

  /// The shell has loaded the snapshot whose chunks were all here.
  mutating func loaded() { join.loaded() }

  /// The node continues from the snapshot.
  mutating func joined(_ height: Height, _ context: inout StepContext) {
    reported = nil
    context.notice(.joined(height))
  }

  /// Reports that a snapshot is not being fetched any more, whatever the reason. To be called at the end of each step.
  mutating func reportEnd(_ context: inout StepContext) {
    guard let height = reported, !join.isUnderWay else { return }
    reported = nil
    context.notice(.joinEnded(height))
  }

  /// Handles the failure to load a snapshot whose chunks were all here.
  mutating func fail() { join.fail() }

  mutating func disconnect(_ peer: PeerID) { join.lost(peer) }

  /// Notes that a peer may offer a snapshot when it is asked for blocks that it no longer has.
  mutating func expect(from peer: PeerID) { join.expect(from: peer) }

  /// Requests a snapshot above the node's own chain, or chunks of the one that is being fetched.
  /// - Parameter isNobodyLeft: whether every connected peer was asked for blocks in vain.
  mutating func fetch(
    isNobodyLeft: Bool, _ chain: borrowing Chain, _ peers: borrowing Peers, _ context: inout StepContext
  ) {
    join.drop(through: chain.committed.height)
    if join.isFetching { fetchChunks(peers, &context) }
    guard !join.isUnderWay else { return }
    let floor = floor(isNobodyLeft, chain, context)
    // What peers claim decides only whether to ask. The manifest proves its height.
    guard floor.areBlocksGone || peers.vouchedHeight(context.configuration) > floor.height else { return }
    let retry = 4 * context.configuration.retryInterval
    if let peer = join.nextPeer(of: peers.connected, now: context.now.tick, retry: retry) {
      context.send(.fetchSnapshot(above: floor.height), to: .peer(peer))
    }
  }

  /// The height that a snapshot must exceed, and whether that is so low because blocks above the node's own cannot be
  /// had.
  private func floor(
    _ isNobodyLeft: Bool, _ chain: borrowing Chain, _ context: borrowing StepContext
  ) -> (height: Height, areBlocksGone: Bool) {
    let height = chain.committed.height
    let offers = withoutBlocks.values.filter { $0 > height }.sorted(by: >)
    // Of f + 1 validators one is correct: it has a snapshot that is as high as the lowest of theirs.
    let faults = context.configuration.validators.quorum.faults
    if offers.count > faults { return (Height(offers[faults].rawValue - 1), true) }
    if isNobodyLeft, !offers.isEmpty { return (height, true) }
    let (sum, overflow) = height.rawValue.addingReportingOverflow(context.configuration.snapshotGap)
    return (Height(overflow ? .max : sum), false)
  }

  // MARK: The manifest

  /// Whether a manifest from `peer` can only be the answer to a question for blocks.
  func isManifestInsteadOfBlocks(from peer: PeerID) -> Bool { join.isInsteadOfBlocks(from: peer) }

  /// Handles a manifest from a peer that was asked. If it may be taken, its certificate is verified. Returns its epoch if
  /// the validators of that are not known here.
  mutating func receive(
    manifest bytes: [UInt8], from peer: PeerID, isInsteadOfBlocks: Bool, isNobodyLeft: Bool, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) -> Epoch? {
    guard join.accepts(from: peer) else { return nil }
    context.isUseful = true
    do throws(SnapshotError) {
      let manifest = try SnapshotManifest(bytes, chain: context.chain)
      guard manifest.height > chain.committed.height else { return nil }
      if isInsteadOfBlocks, let validator = context.configuration.peers.validator(peer) {
        withoutBlocks[validator] = manifest.height
      }
      guard takes(manifest, isNobodyLeft, chain, context) else { return nil }
      return try verify(manifest, chunks: [], from: peer, chain, &context)
    } catch {
      context.blame(peer, error)
      return nil
    }
  }

  /// Handles the manifest of a snapshot that the node was fetching when it stopped, with the chunks that are here.
  mutating func resume(
    manifest bytes: [UInt8], chunks: Set<Int>, _ chain: borrowing Chain, _ context: inout StepContext
  ) {
    guard let manifest = try? SnapshotManifest(bytes, chain: context.chain),
      manifest.height > chain.committed.height
    else { return }
    // What the node's own disk does not prove is fetched anew.
    _ = try? verify(manifest, chunks: chunks, from: nil, chain, &context)
  }

  private func verify(
    _ manifest: SnapshotManifest, chunks: Set<Int>, from peer: PeerID?, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) throws(SnapshotError) -> Epoch? {
    try manifest.verify(context.chain, hash: &context.hash)
    let certificate = manifest.proof.certificate
    let epoch = certificate.statement.epoch
    guard let validators = context.validators(of: epoch, chain.closings) else { return epoch }
    do throws(ReceiptError) {
      try manifest.proof.verifyEpoch(chain.closings)
    } catch {
      throw .proof(error)
    }
    if let items = context.items(of: certificate, by: validators, from: peer) {
      context.verify(items, for: .manifest(manifest, chunks: chunks, from: peer))
    }
    return nil
  }

  private func takes(
    _ manifest: SnapshotManifest, _ isNobodyLeft: Bool, _ chain: borrowing Chain, _ context: borrowing StepContext
  ) -> Bool {
    manifest.height > floor(isNobodyLeft, chain, context).height && join.takes(manifest, now: context.now.tick)
  }

  /// Completes the verification of a manifest's certificate. Returns the certificate if the chunks will be fetched.
  mutating func finish(
    _ manifest: SnapshotManifest, chunks: Set<Int>, _ allHold: Bool, from peer: PeerID?, isStopped: Bool,
    isNobodyLeft: Bool, _ chain: borrowing Chain, _ context: inout StepContext
  ) -> Certificate? {
    guard allHold else {
      if let peer {
        context.blame(
          peer, "certificate.bad-signature", "the finalization of a snapshot has an invalid signature")
      }
      return nil
    }
    let isWanted =
      peer == nil
      ? manifest.height > chain.committed.height && !join.isUnderWay
      : takes(manifest, isNobodyLeft, chain, context)
    guard !isStopped, isWanted else { return nil }
    let here = join.begin(manifest, here: chunks, from: peer)
    reported = manifest.height
    context.notice(.joining(manifest.height, chunks: manifest.chunks.count, here: here))
    if peer != nil {
      context.effects.snapshotSteps.append(.begin(manifest.height, manifest: manifest.encoded(context.chain)))
    }
    return manifest.proof.certificate
  }

  // MARK: Chunks

  private mutating func fetchChunks(_ peers: borrowing Peers, _ context: inout StepContext) {
    let requests = join.requests(
      of: peers.connected, now: context.now.tick, retry: context.configuration.retryInterval)
    for (peer, index) in requests {
      guard let height = join.manifest?.height else { break }
      context.send(.fetchChunk(height, index: UInt32(index)), to: .peer(peer))
    }
    if let height = join.isReady() { context.effects.snapshotSteps.append(.assemble(height)) }
  }

  mutating func receive(
    chunk bytes: [UInt8], index: Int, of height: Height, from peer: PeerID, _ context: inout StepContext
  ) {
    guard join.accepts(index, of: height, from: peer), let manifest = join.manifest else { return }
    context.isUseful = true
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

internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

/// A snapshot that a node is making, and how far its copying is.
struct SnapshotInMaking: ~Copyable {
  var writer: SnapshotWriter<MemoryDisk>
  var cursor = PinnedCursor()
}

// What a node's threads do about snapshots: copy the pinned state piece by piece, write, prune, serve, fetch, load.
extension SimulatedCluster {
  private static let copiedRows = 16
  private static let copyPause: UInt64 = 700

  func shelf(of node: SimulatedNode) -> SnapshotStore<MemoryDisk> {
    SnapshotStore(node.snapshots, chain: population.chain)
  }

  // MARK: Starting

  /// Signatures of a simulation are not those that a manifest's own check wants; the oracle knows better what is final.
  func load(_ stored: StoredSnapshot<MemoryDisk>) throws(SnapshotFault) -> LoadedState {
    if let broken = chain.vouches(for: stored.manifest.proof) { fail("a stored snapshot: \(broken)") }
    var chunks = StoredChunks(stored, suite: options.suite)
    return try SnapshotLoading.load(stored.manifest, genesis: population.genesis, from: &chunks)
  }

  /// Goes on with a snapshot that was being fetched when the node stopped.
  func resumeFetching(_ node: SimulatedNode) {
    guard let found = try? shelf(of: node).interrupted() else { return }
    count("resumed snapshots")
    node.life?.joining = found
    step(node, .resumeSnapshot(manifest: found.manifestBytes, chunks: found.chunks))
  }

  // MARK: Making

  /// Begins to copy what the last step pinned.
  func noticePin(_ node: SimulatedNode, _ life: NodeRun) {
    guard let point = life.replica.pinnedPoint, life.making == nil else { return }
    do throws(SnapshotFault) {
      life.making = SnapshotInMaking(
        writer: try SnapshotWriter(shelf(of: node), height: point.height, bound: life.replica.pinnedRowBound))
      queue.push(.copy(node: node.number, life: life.number), at: later(Self.copyPause))
    } catch {
      abandonSnapshot(node, life, error)
    }
  }

  func copy(_ node: SimulatedNode, _ life: NodeRun) {
    // A node copies between two rounds of steps, when all that they led to is handed out.
    handOut(node, life)
    guard var making = life.making.take() else { return }
    do throws(SnapshotFault) {
      var batch = StateEntryBatch()
      let isMore = life.replica.copyPinned(&making.cursor, rows: Self.copiedRows, into: &batch)
      try making.writer.add(batch)
      let height = making.writer.height
      life.making = consume making
      if isMore { return queue.push(.copy(node: node.number, life: life.number), at: later(Self.copyPause)) }
      life.diskQueue.append(.barrier(height))
      write(node, life)
    } catch {
      abandonSnapshot(node, life, error)
    }
  }

  /// The log is durable beyond the block of a snapshot whose state was copied.
  func finishSnapshot(of height: Height, _ node: SimulatedNode, _ life: NodeRun) {
    guard let making = life.making.take() else { return }
    guard making.writer.height == height else { return life.making = consume making }
    do throws(SnapshotFault) {
      try finish(making, node, life)
    } catch {
      abandonSnapshot(node, life, error)
    }
  }

  private func abandonSnapshot(_ node: SimulatedNode, _ life: NodeRun, _ error: SnapshotFault) {
    life.making = nil
    if life.replica.pinnedPoint != nil { life.replica.endPinning() }
    count("failed snapshots")
    if case .file(.disk) = error { return }
    fail("node \(node.number) cannot make a snapshot: \(error.explanation)")
  }

  private func finish(
    _ making: consuming SnapshotInMaking, _ node: SimulatedNode, _ life: NodeRun
  ) throws(SnapshotFault) {
    let height = making.writer.height
    guard let proof = try? life.certifiedBlock(at: height) else {
      // The chain was left behind for a newer snapshot meanwhile, or the log has failed.
      return count("snapshots without proof")
    }
    _ = try making.writer.finish(proof: proof)
    try shelf(of: node).keep(2)
    count("snapshots")
    guard let limit = Retention(kept: options.historyKept ?? 0).limit(snapshot: height, tip: life.index.height) else {
      return
    }
    life.diskQueue.append(.retire(through: limit))
    write(node, life)
  }

  // MARK: Serving and fetching

  func serve(_ request: SnapshotRequest, _ node: SimulatedNode, _ life: NodeRun) {
    let shelf = shelf(of: node)
    switch request {
    case .manifest(let peer, let above):
      guard let newest = try? shelf.heights().last, newest > above, let stored = try? shelf.open(newest) else { return }
      carry(PeerMessage.snapshot(stored.manifestBytes).encoded(), from: node, life, to: ValidatorIndex(peer.rawValue))
    case .chunk(let peer, let height, let index):
      let stored = (try? shelf.heights().contains(height)) == true ? try? shelf.open(height) : nil
      let bytes = stored.flatMap { $0.chunks.contains(index) ? try? $0.chunk(index) : nil } ?? []
      carry(
        PeerMessage.chunk(height, index: UInt32(clamping: index), bytes: bytes).encoded(), from: node, life,
        to: ValidatorIndex(peer.rawValue))
    }
  }

  func take(_ step: SnapshotStep, _ node: SimulatedNode, _ life: NodeRun) {
    let shelf = shelf(of: node)
    do throws(SnapshotFault) {
      switch step {
      case .begin(let height, let manifest): life.joining = try shelf.begin(height, manifest: manifest)
      case .store(let height, let index, let bytes):
        guard life.joining?.manifest.height == height else { return }
        try life.joining?.store(index, bytes)
        count("fetched chunks")
      case .assemble(let height):
        queue.push(.assemble(node: node.number, life: life.number, height), at: later(20_000))
      }
    } catch {
      count("failed fetches")
      guard case .file(.disk) = error else {
        return fail("node \(node.number) cannot keep a snapshot: \(error.explanation)")
      }
    }
  }

  func assemble(_ node: SimulatedNode, _ life: NodeRun, _ height: Height) {
    let shelf = shelf(of: node)
    do throws(SnapshotFault) {
      guard let whole = life.joining, whole.manifest.height == height, whole.isWhole else {
        try shelf.abandonJoining()
        return step(node, .snapshotFailed(height))
      }
      life.joining = nil
      let state = try load(whole)
      try shelf.complete(whole)
      count("joined by a snapshot")
      // What became final before goes ahead of the base that takes its place.
      handOut(node, life)
      life.replica.install(state, now: node.clock.now(now), effects: &life.effects)
      dispatch(node, life)
    } catch {
      count("failed fetches")
      step(node, .snapshotFailed(height))
      guard case .file(.disk) = error else {
        return fail("S4: node \(node.number) cannot load chunks that were checked: \(error.explanation)")
      }
    }
  }
}

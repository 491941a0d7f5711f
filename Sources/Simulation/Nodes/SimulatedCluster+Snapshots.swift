internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// What a node's threads do about snapshots: copy the pinned state piece by piece, write, fetch, load.
extension SimulatedCluster {
  static let pace = SnapshotPace(rows: 16, pause: 700)
  /// Microseconds that loading a fetched snapshot takes.
  private static let loadingTime: UInt64 = 20_000

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
  func resumeFetching(_ node: SimulatedNode, _ life: NodeRun) {
    guard let found = try? life.jobs.interrupted() else { return }
    // The blocks were faster.
    guard found.manifest.height > life.replica.status.committed.height else {
      life.snapshotQueue.append(.overtaken)
      return runSnapshots(node, life)
    }
    count("resumed snapshots")
    step(node, .resumeSnapshot(manifest: found.manifestBytes, chunks: found.chunks))
  }

  // MARK: Copying

  /// A node copies what is pinned between two rounds of steps, piece by piece.
  func scheduleCopy(_ node: SimulatedNode, _ life: NodeRun) {
    guard !life.isCopyScheduled, life.replica.pinnedPoint != nil else { return }
    life.isCopyScheduled = true
    let due = life.host.nextCopy.map { node.clock.tick(of: $0) } ?? now
    queue.push(.copy(node: node.number, life: life.number), at: max(due, later(1)))
  }

  func copy(_ node: SimulatedNode, _ life: NodeRun) {
    life.isCopyScheduled = false
    // All that the steps led to is handed out before.
    handOut(node, life)
    guard life === node.life else { return }
    let handed = EffectBuffer()
    life.host.copyPinned(clock: { node.clock.now(now).tick }, handed)
    carryOut(handed, node, life)
    scheduleCopy(node, life)
    runSnapshots(node, life)
    write(node, life)
  }

  // MARK: Writing and fetching

  /// Does what waits, in order; loading takes its time.
  func runSnapshots(_ node: SimulatedNode, _ life: NodeRun) {
    while !life.isSnapshotWork, life === node.life, let next = life.snapshotQueue.first {
      if case .step(.assemble) = next {
        life.isSnapshotWork = true
        return queue.push(.snapshotWork(node: node.number, life: life.number), at: later(Self.loadingTime))
      }
      runSnapshot(node, life)
    }
  }

  func finishSnapshotWork(_ node: SimulatedNode, _ life: NodeRun) {
    life.isSnapshotWork = false
    runSnapshot(node, life)
    runSnapshots(node, life)
  }

  private func runSnapshot(_ node: SimulatedNode, _ life: NodeRun) {
    let command = life.snapshotQueue.removeFirst()
    let outcome = SnapshotOutcome { (stored) throws(SnapshotFault) in try self.load(stored) }
    do throws(SnapshotJobError) {
      try life.jobs.run(command, from: life, outcome)
      if case .step(.store) = command { count("fetched chunks") }
    } catch {
      count("failed snapshots")
      switch error {
      case .snapshot(.file(.disk)): break
      case .chain: if !life.hasLogFailed { fail("node \(node.number) makes no snapshot: \(error.explanation)") }
      default: fail("S4: node \(node.number) cannot make or load a snapshot: \(error.explanation)")
      }
    }
    follow(outcome, node, life)
  }

  private func follow(_ outcome: SnapshotOutcome, _ node: SimulatedNode, _ life: NodeRun) {
    if let height = outcome.copied { life.diskQueue.append(.barrier(height)) }
    if outcome.unproven != nil { count("snapshots without proof") }
    if let height = outcome.made {
      count("snapshots")
      if let limit = Retention(kept: options.historyKept ?? 0).limit(snapshot: height, tip: life.index.height) {
        life.diskQueue.append(.retire(through: limit))
      }
    }
    if outcome.copied != nil || outcome.made != nil { write(node, life) }
    if let height = outcome.failed { step(node, .snapshotFailed(height)) }
    if let state = outcome.state.take() { install(state, node, life) }
  }

  private func install(_ state: consuming LoadedState, _ node: SimulatedNode, _ life: NodeRun) {
    count("joined by a snapshot")
    life.isHolding = false
    let handed = EffectBuffer()
    life.host.install(state, now: node.clock.now(now), handed)
    carryOut(handed, node, life)
    dispatch(node, life)
  }
}

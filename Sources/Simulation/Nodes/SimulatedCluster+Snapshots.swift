internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The snapshot work of a node's threads: copying the pinned state piece by piece, writing, fetching and loading.
extension SimulatedCluster {
  static let pace = SnapshotPace(rows: 16, pause: 700)
  /// Microseconds that loading a fetched snapshot takes.
  private static let loadingTime: UInt64 = 20_000

  func snapshotStore(of node: SimulatedNode) -> SnapshotStore<MemoryDisk> {
    SnapshotStore(node.snapshotDisk, chain: population.chain)
  }

  // MARK: Starting

  /// The oracle checks the proof of a stored snapshot: the manifest's own check would refuse the simulation's tags.
  func load(_ stored: StoredSnapshot<MemoryDisk>) throws(SnapshotFault) -> LoadedState {
    if let broken = chain.check(stored.manifest.proof) { fail("a stored snapshot: \(broken)") }
    var chunks = StoredChunks(stored, suite: options.suite)
    return try SnapshotLoading.load(stored.manifest, genesis: population.genesis, from: &chunks)
  }

  /// Resumes the fetch of a snapshot that was under way when the node stopped.
  func resumeFetching(_ node: SimulatedNode, _ run: NodeRun) {
    guard let found = try? run.jobs.interrupted() else { return }
    // The node has received the blocks in the meantime.
    guard found.manifest.height > run.replica.status.committed.height else {
      run.snapshotQueue.append(.overtaken)
      return runSnapshots(node, run)
    }
    count("resumed snapshots")
    step(node, .resumeSnapshot(manifest: found.manifestBytes, chunks: found.chunks))
  }

  // MARK: Copying

  /// Schedules the copying of the next piece of the pinned state.
  func scheduleCopy(_ node: SimulatedNode, _ run: NodeRun) {
    guard !run.isCopyScheduled, run.replica.pinnedPoint != nil else { return }
    run.isCopyScheduled = true
    let due = run.host.nextCopy.map { node.clock.tick(of: $0) } ?? now
    queue.push(.copy(node: node.number, run: run.number), at: max(due, later(1)))
  }

  func copy(_ node: SimulatedNode, _ run: NodeRun) {
    run.isCopyScheduled = false
    // `copyPinned` requires that all effects have been handed out.
    handOut(node, run)
    guard run === node.run else { return }
    let buffer = EffectBuffer()
    run.host.copyPinned(clock: { node.clock.now(now).tick }, buffer)
    carryOut(buffer, node, run)
    scheduleCopy(node, run)
    runSnapshots(node, run)
    write(node, run)
  }

  // MARK: Writing and fetching

  /// Carries out the waiting commands in order. Loading a snapshot takes time.
  func runSnapshots(_ node: SimulatedNode, _ run: NodeRun) {
    while !run.isSnapshotWork, run === node.run, let next = run.snapshotQueue.first {
      if case .step(.assemble) = next {
        run.isSnapshotWork = true
        return queue.push(.snapshotWork(node: node.number, run: run.number), at: later(Self.loadingTime))
      }
      runSnapshot(node, run)
    }
  }

  func finishSnapshotWork(_ node: SimulatedNode, _ run: NodeRun) {
    run.isSnapshotWork = false
    runSnapshot(node, run)
    runSnapshots(node, run)
  }

  private func runSnapshot(_ node: SimulatedNode, _ run: NodeRun) {
    let command = run.snapshotQueue.removeFirst()
    let outcome = SnapshotOutcome { (stored) throws(SnapshotFault) in try self.load(stored) }
    do throws(SnapshotJobError) {
      try run.jobs.run(command, from: run, outcome)
      if case .step(.store) = command { count("fetched chunks") }
    } catch {
      count("failed snapshots")
      switch error {
      case .snapshot(.file(.disk)): break
      // Damage that is not repaired yet; a later snapshot is made when the blocks can be read again.
      case .chain where !node.flippedFiles.isEmpty: break
      case .chain: if !run.hasLogFailed { fail("node \(node.number) makes no snapshot: \(error.explanation)") }
      default: fail("S4: node \(node.number) cannot make or load a snapshot: \(error.explanation)")
      }
    }
    apply(outcome, node, run)
  }

  private func apply(_ outcome: SnapshotOutcome, _ node: SimulatedNode, _ run: NodeRun) {
    if let height = outcome.copied { run.diskQueue.append(.barrier(height)) }
    if outcome.unproven != nil { count("snapshots without proof") }
    if let height = outcome.made {
      count("snapshots")
      if let limit = Retention(kept: options.historyKept ?? 0).limit(snapshot: height, tip: run.index.height) {
        run.diskQueue.append(.retire(through: limit))
      }
    }
    if outcome.copied != nil || outcome.made != nil { write(node, run) }
    if let height = outcome.failed { step(node, .snapshotFailed(height)) }
    if let state = outcome.state.take() { install(state, node, run) }
  }

  private func install(_ state: consuming LoadedState, _ node: SimulatedNode, _ run: NodeRun) {
    count("joined by a snapshot")
    run.isHoldingEffects = false
    let buffer = EffectBuffer()
    let view = LedgerView(of: state.ledger)
    if run.host.install(state, now: node.clock.now(now), buffer) { run.view = view }
    carryOut(buffer, node, run)
    dispatch(node, run)
  }
}

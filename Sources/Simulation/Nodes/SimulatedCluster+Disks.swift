internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The work of a node's log thread: it drives the journal, whose syncs take time.
extension SimulatedCluster {
  /// Gives the journal all waiting commands in one batch, unless it is busy.
  func write(_ node: SimulatedNode, _ run: NodeRun) {
    guard !run.isSyncing, !run.hasLogFailed, !run.diskQueue.isEmpty else { return }
    swap(&run.diskQueue, &run.batch)
    run.diskQueue.removeAll(keepingCapacity: true)
    observeAppending(run.batch, node, run)
    var events: [JournalEvent] = []
    do throws(LogError) {
      let isAwaited = try run.journal.write(run.batch, run, &events)
      if isAwaited { beginSync(node, run) } else { try run.journal.carryOut(run.batch, run, &events) }
    } catch {
      return failLog(node, run, error)
    }
    scheduleRest(node, run)
    deliver(events, node, run)
  }

  /// Shows the observer what is written to the disk.
  private func observeAppending(_ batch: [JournalCommand], _ node: SimulatedNode, _ run: NodeRun) {
    var position = run.journal.appended.rawValue
    for case .append(let records) in batch {
      for record in records {
        position += 1
        run.unsyncedBytes += record.payload.count
        if !dropsBlocks || record.kind != .block { node.durable.appended(record, at: LogPosition(position)) }
      }
    }
  }

  private func beginSync(_ node: SimulatedNode, _ run: NodeRun) {
    run.isSyncing = true
    let delay = syncTime(node, run)
    run.unsyncedBytes = 0
    queue.push(.synced(node: node.number, run: run.number), at: later(delay))
  }

  func finishSync(_ node: SimulatedNode, _ run: NodeRun) {
    var events: [JournalEvent] = []
    do throws(LogError) {
      try run.journal.settle(run.batch, run, &events)
    } catch {
      deliver(events, node, run)
      return failLog(node, run, error)
    }
    run.isSyncing = false
    run.batch.removeAll(keepingCapacity: true)
    scheduleRest(node, run)
    deliver(events, node, run)
    if run === node.run { write(node, run) }
  }

  /// Lets the journal rest after a pause without commands.
  private func scheduleRest(_ node: SimulatedNode, _ run: NodeRun) {
    guard run.journal.isRestless else { return }
    run.restAt = later(Journal<MemoryDisk>.pause)
    guard !run.isRestScheduled else { return }
    run.isRestScheduled = true
    queue.push(.rest(node: node.number, run: run.number), at: run.restAt)
  }

  func rest(_ node: SimulatedNode, _ run: NodeRun) {
    run.isRestScheduled = false
    guard !run.isSyncing, !run.hasLogFailed, run.journal.isRestless else { return }
    guard run.restAt <= now else {
      run.isRestScheduled = true
      return queue.push(.rest(node: node.number, run: run.number), at: run.restAt)
    }
    if run.journal.isUnsynced {
      run.batch.removeAll(keepingCapacity: true)
      return beginSync(node, run)
    }
    var events: [JournalEvent] = []
    do throws(LogError) {
      try run.journal.rest(&events)
    } catch {
      return failLog(node, run, error)
    }
    scheduleRest(node, run)
    deliver(events, node, run)
  }

  private func deliver(_ events: [JournalEvent], _ node: SimulatedNode, _ run: NodeRun) {
    for event in events where run === node.run {
      switch event {
      case .durable(let position):
        if !saysDurableBeforeSync { node.durable.synced(upTo: position) }
        step(node, .durable(position))
        if run.keys.life.durable() { scheduleKeys(node) }
      case .stored(let commits):
        for commit in commits { if let round = commit.finalization?.round { run.keys.life.final(round) } }
      case .reached(let height):
        run.snapshotQueue.append(.durable(height))
        runSnapshots(node, run)
      case .unreached(let height, _):
        count("snapshots without stored closings")
        run.snapshotQueue.append(.giveUp(height))
        runSnapshots(node, run)
      case .closingUnstored: count("closings not stored")
      case .unprepared: count("segments not prepared")
      case .retiring(let retired):
        run.diskQueue.append(.prune(retired))
        write(node, run)
      case .pruned(let retired):
        count("prunings")
        trace.add(now, "node \(node.number) prunes its log through height \(retired.height)")
        for segment in retired.segments {
          node.flippedFiles.remove(segment.file)
          if node.rot?.file == segment.file { node.rot = nil }
        }
      case .pruneFailed(let error):
        if case .disk = error { continue }
        fail("node \(node.number) cannot prune: \(error.explanation)")
      case .repaired(_, let records, let meaning):
        step(node, .repaired(meaning))
        finishRepair(records, node, run)
      case .repairFailed(let stretch, let error):
        giveUpRepair(of: stretch, error, node, run)
      }
    }
  }

  private func failLog(_ node: SimulatedNode, _ run: NodeRun, _ error: LogError) {
    guard !run.hasLogFailed else { return }
    trace.add(now, "node \(node.number): \(error.explanation)")
    count("failed logs")
    run.hasLogFailed = true
    run.diskQueue.removeAll()
    step(node, .logFailed(error.explanation))
    restoreLater(node, run)
  }
}

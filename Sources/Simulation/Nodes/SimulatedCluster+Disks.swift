internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// What a node's disk thread does: drive the journal, which takes its time to sync.
extension SimulatedCluster {
  /// Hands the journal everything that waits, as one batch, unless it is busy.
  func write(_ node: SimulatedNode, _ life: NodeRun) {
    guard !life.isSyncing, !life.hasLogFailed, !life.diskQueue.isEmpty else { return }
    swap(&life.diskQueue, &life.batch)
    life.diskQueue.removeAll(keepingCapacity: true)
    watchAppending(life.batch, node, life)
    var events: [JournalEvent] = []
    do throws(LogError) {
      let isAwaited = try life.journal.write(life.batch, life, &events)
      if isAwaited { beginSync(node, life) } else { try life.journal.carryOut(life.batch, life, &events) }
    } catch {
      return failLog(node, life, error)
    }
    scheduleRest(node, life)
    deliver(events, node, life)
  }

  /// What an observer at the disk sees.
  private func watchAppending(_ batch: [JournalCommand], _ node: SimulatedNode, _ life: NodeRun) {
    var position = life.journal.appended.rawValue
    for case .append(let records) in batch {
      for record in records {
        position += 1
        life.unsyncedBytes += record.payload.count
        if !dropsBlocks || record.kind != .block { node.shelf.appended(record, at: LogPosition(position)) }
      }
    }
  }

  private func beginSync(_ node: SimulatedNode, _ life: NodeRun) {
    life.isSyncing = true
    let delay = syncTime(node, life)
    life.unsyncedBytes = 0
    queue.push(.synced(node: node.number, life: life.number), at: later(delay))
  }

  func finishSync(_ node: SimulatedNode, _ life: NodeRun) {
    var events: [JournalEvent] = []
    do throws(LogError) {
      try life.journal.settle(life.batch, life, &events)
    } catch {
      deliver(events, node, life)
      return failLog(node, life, error)
    }
    life.isSyncing = false
    life.batch.removeAll(keepingCapacity: true)
    scheduleRest(node, life)
    deliver(events, node, life)
    if life === node.life { write(node, life) }
  }

  /// The journal rests after a pause in which nothing is handed over.
  private func scheduleRest(_ node: SimulatedNode, _ life: NodeRun) {
    guard life.journal.isRestless else { return }
    life.restAt = later(Journal<MemoryDisk>.pause)
    guard !life.isRestScheduled else { return }
    life.isRestScheduled = true
    queue.push(.rest(node: node.number, life: life.number), at: life.restAt)
  }

  func rest(_ node: SimulatedNode, _ life: NodeRun) {
    life.isRestScheduled = false
    guard !life.isSyncing, !life.hasLogFailed, life.journal.isRestless else { return }
    guard life.restAt <= now else {
      life.isRestScheduled = true
      return queue.push(.rest(node: node.number, life: life.number), at: life.restAt)
    }
    if life.journal.isUnsynced {
      life.batch.removeAll(keepingCapacity: true)
      return beginSync(node, life)
    }
    var events: [JournalEvent] = []
    do throws(LogError) {
      try life.journal.rest(&events)
    } catch {
      return failLog(node, life, error)
    }
    scheduleRest(node, life)
    deliver(events, node, life)
  }

  private func deliver(_ events: [JournalEvent], _ node: SimulatedNode, _ life: NodeRun) {
    for event in events where life === node.life {
      switch event {
      case .durable(let position):
        if !saysDurableBeforeSync { node.shelf.synced(upTo: position) }
        step(node, .durable(position))
      case .stored: break
      case .reached(let height):
        life.snapshotQueue.append(.durable(height))
        runSnapshots(node, life)
      case .unprepared: count("segments not prepared")
      case .retiring(let retired):
        life.diskQueue.append(.prune(retired))
        write(node, life)
      case .pruned(let retired):
        count("prunings")
        trace.add(now, "node \(node.number) prunes its log through height \(retired.height)")
      case .pruneFailed(let error):
        if case .disk = error { continue }
        fail("node \(node.number) cannot prune: \(error.explanation)")
      case .repaired, .repairFailed: break
      }
    }
  }

  private func failLog(_ node: SimulatedNode, _ life: NodeRun, _ error: LogError) {
    guard !life.hasLogFailed else { return }
    trace.add(now, "node \(node.number): \(error.explanation)")
    count("failed logs")
    life.hasLogFailed = true
    life.diskQueue.removeAll()
    step(node, .logFailed(error.explanation))
    repairLater(node, life)
  }
}

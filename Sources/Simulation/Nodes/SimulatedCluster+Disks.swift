internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// What a node's disk thread does: append, sync, read ranges back.
extension SimulatedCluster {
  /// The pause after which records that nobody waits for are synced, as the node's disk thread makes it.
  private static let idlePause: UInt64 = 50_000

  func write(_ node: SimulatedNode, _ life: NodeRun) {
    guard !life.isSyncing, !life.hasLogFailed, !life.diskQueue.isEmpty else { return }
    var isAwaited = false
    do throws(LogError) {
      for command in life.diskQueue {
        switch command {
        case .append(let records):
          for record in records {
            if dropsBlocks, record.kind == .block {
              _ = try life.log.append(kind: RecordKind.execution.rawValue, height: record.height, payload: [])
              continue
            }
            let (position, address) = try life.log.append(
              kind: record.kind.rawValue, height: record.height, payload: record.payload)
            node.shelf.appended(record, at: position)
            life.unsyncedBytes += record.payload.count
            life.holdings.note(record, in: address.segment)
            if record.kind == .base {
              life.index.begin(above: record.height)
            } else if let block = record.block {
              life.index.note(record.kind, of: block, height: record.height, at: address)
            }
            isAwaited = isAwaited || record.kind.isAwaited
          }
        case .commit(let commits):
          for commit in commits { life.holdings.note(commit) }
          for commit in commits where !life.index.commit(commit.block.digest, at: commit.height) {
            fail("node \(node.number) commits height \(commit.height) before it is in the log")
          }
        }
      }
      life.diskQueue.removeAll(keepingCapacity: true)
      try life.log.flush()
    } catch {
      return failLog(node, life, error)
    }
    if saysDurableBeforeSync {
      step(node, .durable(life.log.appended))
    } else if isAwaited {
      beginSync(node, life)
    } else if !life.isIdleSyncScheduled {
      life.isIdleSyncScheduled = true
      queue.push(.idleSync(node: node.number, life: life.number), at: later(Self.idlePause))
    }
  }

  func beginSync(_ node: SimulatedNode, _ life: NodeRun) {
    guard !life.isSyncing, !life.hasLogFailed else { return }
    life.isSyncing = true
    let delay = syncTime(node, life)
    life.unsyncedBytes = 0
    queue.push(.synced(node: node.number, life: life.number), at: later(delay))
  }

  func finishSync(_ node: SimulatedNode, _ life: NodeRun) {
    do throws(LogError) {
      let position = try life.log.sync()
      _ = try life.log.prepareNext()
      life.isSyncing = false
      node.shelf.synced(upTo: position)
      step(node, .durable(position))
      if life === node.life { write(node, life) }
    } catch {
      failLog(node, life, error)
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

  func serve(_ request: RangeRequest, _ node: SimulatedNode, _ life: NodeRun) {
    do {
      let range = try RangeAssembly.range(from: request.from, index: life.index) { (address) throws(LogError) in
        try life.log.read(address).payload
      }
      guard let range else {
        if request.from <= life.index.base { serve(.manifest(peer: request.peer, above: request.from), node, life) }
        return count("ranges without proof")
      }
      count("ranges served")
      carry(PeerMessage.range(range).encoded(), from: node, life, to: request.peer)
    } catch {
      if !life.hasLogFailed { fail("node \(node.number) cannot read height \(request.from): \(error)") }
    }
  }
}

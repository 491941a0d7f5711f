internal import BlockLog
internal import Logging
internal import NodeCore
internal import Replica

/// Passes the journal's events on to the rest of the node. Called on the log's thread.
struct JournalEventHandler: Sendable {
  let loop: ReplicaLoop
  let publication: Publication
  let keys: VoteKeys
  let snapshots: SnapshotThread
  let pruning: HistoryPruning
  let scrub: ScrubThread
  let logger: Logger

  func receive(_ event: JournalEvent) {
    switch event {
    case .durable(let position):
      keys.durable()
      loop.post(.durable(position))
    case .stored(let commits): publication.publish(commits)
    case .reached(let height): snapshots.put(.durable(height))
    case .unreached(let height, let error):
      logger.warning(
        "snapshot: that of height \(height) is given up, because the closing of an epoch cannot be stored: \(error.explanation)",
        metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
      snapshots.put(.giveUp(height))
    case .closingUnstored(let error):
      logger.warning(
        "the closing of an epoch cannot be stored yet: \(error.explanation)",
        metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
    case .unprepared(let error):
      logger.warning(
        "the log's next segment cannot be prepared: \(error.explanation)",
        metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
    case .retiring(let retired): pruning.archive(retired)
    case .pruned(let retired): pruning.pruned(retired)
    case .pruneFailed(let error): pruning.complain(error)
    case .repaired(let stretch, let records, let meaning):
      scrub.repaired(stretch, records: records)
      loop.post(.repaired(meaning))
    case .repairFailed(let stretch, let error): scrub.failed(stretch, error)
    }
  }

  /// Reports that the log can no longer be written.
  func failed(_ error: LogError) {
    logger.critical(
      "the log failed: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
    loop.post(.logFailed(error.explanation))
  }
}

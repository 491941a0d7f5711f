internal import BlockLog
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica

/// Removes segments from the log whose blocks are older than the operator wants to keep, once there is a snapshot above
/// them. If there is an archive, they are copied into it first.
struct HistoryPruning: Sendable {
  let settings: NodeSettings
  let genesis: Genesis
  let owner: LogOwner
  let store: ChainStore
  let disk: LogThread
  let logger: Logger

  /// Starts pruning, because a snapshot of this height is on disk.
  func begin(below snapshot: Height) {
    guard let height = Retention(kept: settings.historyKept).limit(snapshot: snapshot, tip: store.height) else {
      return
    }
    disk.put(.retire(through: height))
  }

  /// Copies segments into the archive, then has them removed. Returns immediately and works on a separate thread.
  func archive(_ retired: RetiredSegments) {
    _ = WorkerThread("archive") {
      do {
        try copy(retired.segments)
        disk.put(.prune(retired))
      } catch {
        complain(
          (error as? any ExplainedError) ?? NodeError.unreadable(path: settings.logDirectory, reason: "\(error)"))
      }
    }
  }

  func pruned(_ retired: RetiredSegments) {
    let place = settings.archiveDirectory.map { "are now in \($0)" } ?? "were removed"
    logger.notice(
      "the log begins above height \(retired.height): \(retired.segments.count) segments of \(retired.byteCount) bytes left it and \(place)"
    )
  }

  private func copy(_ segments: [LogSegment]) throws {
    guard let directory = settings.archiveDirectory else { return }
    let source = try FileDisk(path: settings.logDirectory, access: .readOnly)
    let target = try FileDisk(path: directory)
    // Two nodes that share an archive by mistake must not write to it at the same time: each then sees the other's
    // segments, which name their writer.
    let lock = try DirectoryLock(directory: directory)
    for segment in segments { try copy(segment, from: source, to: target) }
    try copyClosings(to: target)
    _ = consume lock
  }

  /// Copies the closings that the archive lacks, so that it alone can be audited.
  private func copyClosings(to target: FileDisk) throws(DiskError) {
    let archive = ClosingStore([target], chain: store.chain)
    let known = try archive.load(genesis).book
    for closing in store.closings.all where known[closing.epoch] == nil { try archive.store(closing) }
  }

  private func copy(_ segment: LogSegment, from source: FileDisk, to target: FileDisk) throws {
    do throws(LogError) {
      _ = try LogArchive.copy(segment, from: source, to: target, owner: owner)
    } catch {
      guard case .wrongWriter(let file, let own, let writer) = error else { throw error }
      throw NodeError.anothersArchive(path: "\(target.path)/\(file)", own: own, writer: writer)
    }
  }

  /// Logs a failure, which does no harm: the segments stay in the log, and pruning is tried again after the next
  /// snapshot.
  func complain(_ error: any ExplainedError) {
    logger.error(
      "old segments stay in the log: \(error.explanation)",
      metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"]
    )
  }
}

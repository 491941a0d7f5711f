internal import BlockLog
internal import Ledger
internal import Logging
internal import Primitives
internal import Replica

/// Lets segments leave the log whose blocks are older than the operator wants to keep, once a snapshot stands above
/// them: into the archive first, if there is one.
struct HistoryPruning: Sendable {
  let settings: NodeSettings
  let owner: LogOwner
  let store: ChainStore
  let disk: LogThread
  let logger: Logger

  /// A snapshot of this height is on disk. Returns at once; the work is done on the disk thread, but for the copying
  /// into the archive, which is done on a thread of its own.
  func run(below snapshot: Height) {
    let tip = store.height.rawValue
    guard tip > settings.historyKept else { return }
    let height = min(snapshot, Height(tip - settings.historyKept))
    disk.perform { [self] holdings throws(LogError) in
      guard let leaving = holdings.leaving(above: height, store.update { $0 }) else { return }
      _ = WorkerThread("archive") { archive(leaving.segments, firstKept: leaving.firstKept, through: height) }
    }
  }

  private func archive(_ segments: [LogSegment], firstKept: UInt32, through height: Height) {
    do {
      var copied = 0
      if let directory = settings.archiveDirectory {
        let source = try FileDisk(path: settings.logDirectory, access: .readOnly)
        let target = try FileDisk(path: directory)
        // Two nodes that were given one archive must not write into it at once: what is there already names its writer.
        let lock = try DirectoryLock(directory: directory)
        for segment in segments {
          copied += try copy(segment, from: source, to: target)
        }
        _ = consume lock
      }
      let bytes = segments.reduce(0) { $0 + $1.byteCount }
      disk.perform { [self] holdings throws(LogError) in
        do throws(LogError) {
          try holdings.prune(before: firstKept, through: height)
        } catch {
          return complain(error)
        }
        store.update { $0.prune(through: height) }
        let place = settings.archiveDirectory.map { "are now in \($0)" } ?? "were removed"
        logger.notice(
          "the log begins above height \(height): \(segments.count) segments of \(bytes) bytes left it and \(place)")
      }
    } catch {
      complain((error as? any ExplainedError) ?? NodeError.unreadable(path: settings.logDirectory, reason: "\(error)"))
    }
  }

  private func copy(_ segment: LogSegment, from source: FileDisk, to target: FileDisk) throws -> Int {
    do throws(LogError) {
      return try LogArchive.copy(segment, from: source, to: target, owner: owner)
    } catch {
      guard case .wrongWriter(let file, let own, let writer) = error else { throw error }
      throw NodeError.anothersArchive(path: "\(target.path)/\(file)", own: own, writer: writer)
    }
  }

  /// Nothing is harmed: the segments stay in the log, and the next snapshot tries again.
  private func complain(_ error: any ExplainedError) {
    logger.error(
      "old segments stay in the log: \(error.explanation)",
      metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"]
    )
  }
}

internal import BlockLog
internal import CoreMetrics
internal import DequeModule
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Reads the log's sealed segments again and again, slowly, and repairs what has gone bad on the disk since it was
/// written, with the help of the peers.
final class ScrubThread: Sendable {
  private let settings: NodeSettings
  private let owner: LogOwner
  private let store: ChainStore
  private let disk: LogThread
  private let fetcher: FinalFetcher
  private let counters: NodeCounters
  private let logger: Logger
  /// Whether other nodes can give back what is lost.
  private let hasPeers: @Sendable () -> Bool
  private let ticks = Mailbox<Void>(limit: 1)

  /// Microseconds between two pieces.
  private static let pause: UInt64 = 1_000_000

  init(
    settings: NodeSettings, owner: LogOwner, store: ChainStore, disk: LogThread, fetcher: FinalFetcher,
    counters: NodeCounters, hasPeers: @escaping @Sendable () -> Bool, logger: Logger
  ) {
    self.settings = settings
    self.owner = owner
    self.store = store
    self.disk = disk
    self.fetcher = fetcher
    self.counters = counters
    self.hasPeers = hasPeers
    self.logger = logger
  }

  /// Nil if the settings ask for no checks.
  func start() -> WorkerThread? {
    guard settings.scrubRate > 0, let source = try? FileDisk(path: settings.logDirectory, access: .readOnly) else {
      return nil
    }
    return WorkerThread("scrub", inBackground: true, end: { [ticks] in ticks.close() }) { [self] in
      var scrub = LogScrub(source, owner: owner)
      var none: Deque<Void> = []
      while ticks.take(into: &none, waitingAtMost: Self.pause) {
        do throws(LogError) {
          let report = try scrub.step(bytes: settings.scrubRate, over: disk.segments)
          counters.scrubbed(report.checkedBytes)
          for stretch in report.found { repair(stretch) }
        } catch {
          logger.error(
            "the log cannot be checked: \(error.explanation)",
            metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
          scrub = LogScrub(source, owner: owner)
        }
      }
    }
  }

  private func repair(_ stretch: DamagedStretch) {
    guard hasPeers() else {
      return logger.error(
        "damage in the log: \(stretch); no other node has the blocks, so that it is left as it is",
        metadata: [
          "code": "log.damaged",
          "next": "copy the directory now; before the next start, put back the file from a copy or from the archive",
        ])
    }
    logger.error("damage in the log: \(stretch)", metadata: ["code": "log.damaged"])
    let repair = StretchRepair(stretch, store)
    guard let found = fetcher.fetch(repair.heights) else { return }
    disk.put(repair.command(found))
  }

  func repaired(_ stretch: DamagedStretch, records: Int) {
    counters.repaired.increment()
    logger.notice("repaired \(stretch.file) at offset \(stretch.offset): \(records) records were recovered")
  }

  func failed(_ stretch: DamagedStretch, _ error: LogError) {
    logger.error(
      "the damage remains: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
  }
}

internal import BlockLog
internal import CoreMetrics
internal import DequeModule
internal import Ledger
internal import Logging
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
  private let ticks = Mailbox<Void>(limit: 1)
  private let thread = Mutex<WorkerThread?>(nil)

  /// Microseconds between two pieces.
  private static let pause: UInt64 = 1_000_000

  init(
    settings: NodeSettings, owner: LogOwner, store: ChainStore, disk: LogThread, fetcher: FinalFetcher,
    counters: NodeCounters, logger: Logger
  ) {
    self.settings = settings
    self.owner = owner
    self.store = store
    self.disk = disk
    self.fetcher = fetcher
    self.counters = counters
    self.logger = logger
  }

  func start() {
    guard settings.scrubRate > 0, let source = try? FileDisk(path: settings.logDirectory, access: .readOnly) else {
      return
    }
    let thread = WorkerThread("scrub", inBackground: true) { [self] in
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
    self.thread.withLock { $0 = thread }
  }

  func stop() {
    ticks.close()
    thread.withLock { $0.take() }?.join()
  }

  private func repair(_ stretch: DamagedStretch) {
    logger.error("damage in the log: \(stretch)", metadata: ["code": "log.damaged"])
    let heights = store.update { $0.heights(lost: stretch) }
    guard let fetched = heights.isEmpty ? [:] : fetcher.fetch(heights) else { return }
    let records = heights.compactMap { fetched[$0] }
    disk.perform { [self] holdings throws(LogError) in
      let meaning: VoidMeaning =
        stretch.header != nil && stretch.header?.kind != RecordKind.vote.rawValue
          || !holdings.hasOpenVotes(in: stretch.segment.number) ? .harmless : .votesLost
      let index = store.update { $0 }
      var replacements: [ReplacementRecord] = []
      for record in records { replacements += index.replacements(of: record, in: stretch) }
      do throws(LogError) {
        let count = try RepairPlan.repair(
          RepairPlan.Patch(stretch: stretch, heights: heights, meaning: meaning), with: replacements
        ) { (stretch, records, void) throws(LogError) in
          try holdings.log.repair(stretch, with: records, void: void)
        }
        try find(stretch, &holdings)
        counters.repaired.increment()
        logger.notice("repaired \(stretch.file) at offset \(stretch.offset): \(count) records were recovered")
      } catch {
        logger.error(
          "the damage remains: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        if case .disk = error, holdings.log.hasFailed { throw error }
      }
    }
  }

  /// What was written back may lie elsewhere in the stretch than it did.
  private func find(_ stretch: DamagedStretch, _ holdings: inout PrunableLog<FileDisk>) throws(LogError) {
    var cursor = try holdings.log.records(from: stretch.first)
    var left = stretch.count ?? 0
    while left > 0, let record = try cursor.next() {
      left -= 1
      guard let kind = RecordKind(rawValue: record.kind) else { continue }
      store.update { $0.move(kind, at: record.height, to: record.address) }
    }
  }
}

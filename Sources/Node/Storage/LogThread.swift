internal import BlockLog
internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// The disk thread: it owns the log and drives its journal.
final class LogThread: Sendable {
  private let mailbox = Mailbox<JournalCommand>(limit: .max)
  private let segmentList = Mutex<[LogSegment]>([])
  private let counters = Mutex(LogStatistics())
  private let failed = Mutex<LogError?>(nil)

  /// Why nothing can be written any more; nil while all is well.
  var failure: LogError? { failed.withLock { $0 } }

  /// Figures of this process's life, for metrics.
  var statistics: LogStatistics { counters.withLock { $0 } }

  /// The log's segments, for whoever checks those that are sealed; of the one that is written only that it is there.
  var segments: [LogSegment] { segmentList.withLock { $0 } }

  /// The returned thread, once stopped, has written what was left and has marked the log as closed.
  /// - Parameter report: called on the disk thread, as is `failed`.
  func start(
    _ journal: consuming Journal<FileDisk>, store: ChainStore, report: @escaping @Sendable (JournalEvent) -> Void,
    failed: @escaping @Sendable (LogError) -> Void
  ) -> WorkerThread {
    // The closure runs once and takes the log with it.
    let box = Handover(journal)
    return WorkerThread("log", end: { [mailbox] in mailbox.close() }) { [self] in
      var journal = box.take()
      do throws(LogError) {
        try run(&journal, store, report)
        try journal.close()
      } catch {
        self.failed.withLock { $0 = error }
        failed(error)
        // Nothing can be written any more; what is still handed over goes nowhere, and nothing waits for it.
        var batch: Deque<JournalCommand> = []
        while mailbox.take(into: &batch, waitingAtMost: nil) {}
      }
    }
  }

  func put(_ command: JournalCommand) { mailbox.force(command) }

  private func run(
    _ journal: inout Journal<FileDisk>, _ store: ChainStore, _ report: (JournalEvent) -> Void
  ) throws(LogError) {
    var batch: Deque<JournalCommand> = []
    var events: [JournalEvent] = []
    var extent: ClosedRange<UInt32>?
    func deliver() {
      for event in events { report(event) }
      events.removeAll(keepingCapacity: true)
    }
    // What was done before a failure is told before it.
    defer { deliver() }
    while mailbox.take(into: &batch, waitingAtMost: journal.isRestless ? Journal<FileDisk>.pause : nil) {
      if batch.isEmpty {
        try journal.rest(&events)
      } else if try journal.write(batch, store, &events) {
        // What is final can be read before the sync, which it does not need.
        deliver()
        try journal.settle(batch, store, &events)
      } else {
        try journal.carryOut(batch, store, &events)
      }
      deliver()
      let statistics = journal.statistics
      counters.withLock { $0 = statistics }
      // A log of ten years has thousands of segments: not for every batch.
      if journal.extent != extent {
        extent = journal.extent
        let segments = journal.segments
        segmentList.withLock { $0 = segments }
      }
    }
  }
}

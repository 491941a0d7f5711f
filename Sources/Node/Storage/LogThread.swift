internal import BlockLog
internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// The thread that owns the log and drives its journal.
final class LogThread: Sendable {
  private let mailbox = Mailbox<JournalCommand>(limit: .max)
  private let segmentList = Mutex<[LogSegment]>([])
  private let counters = Mutex(LogStatistics())
  private let failed = Mutex<LogError?>(nil)
  private let longestSync = Mutex<UInt64>(0)

  /// Why the log can no longer be written; nil as long as it can.
  var failure: LogError? { failed.withLock { $0 } }

  /// Statistics since this process started, for metrics.
  var statistics: LogStatistics { counters.withLock { $0 } }

  /// The longest time that one batch has waited for the disk since the last call, in microseconds.
  func takeLongestSync() -> UInt64 {
    longestSync.withLock { longest in
      defer { longest = 0 }
      return longest
    }
  }

  /// The log's segments, for the check of those that are sealed. The entry of the segment being written is not kept up
  /// to date.
  var segments: [LogSegment] { segmentList.withLock { $0 } }

  /// Starts the thread. When the returned thread is stopped, it first writes all commands that wait, then marks the log
  /// as closed.
  /// - Parameter report: called on the log's thread, as is `failed`.
  func start(
    _ journal: consuming Journal<FileDisk>, store: ChainStore, report: @escaping @Sendable (JournalEvent) -> Void,
    failed: @escaping @Sendable (LogError) -> Void
  ) -> WorkerThread {
    // The journal cannot be copied, so it is handed over to the closure, which runs once.
    let box = Handover(journal)
    return WorkerThread("log", end: { [mailbox] in mailbox.close() }) { [self] in
      var journal = box.take()
      do throws(LogError) {
        try run(&journal, store, report)
        try journal.close()
      } catch {
        self.failed.withLock { $0 = error }
        failed(error)
        // Nothing can be written any more, so discard the commands that still arrive; nothing waits for them.
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
    // Report what was done before a failure, then the failure.
    defer { deliver() }
    while mailbox.take(into: &batch, waitingAtMost: journal.isRestless ? Journal<FileDisk>.pause : nil) {
      let syncs = journal.statistics.syncs
      var begun = Clock.tick()
      if batch.isEmpty {
        try journal.rest(&events)
      } else if try journal.write(batch, store, &events) {
        // Final blocks can be read before the sync, so report them now.
        deliver()
        begun = Clock.tick()
        try journal.settle(batch, store, &events)
      } else {
        try journal.carryOut(batch, store, &events)
      }
      let statistics = journal.statistics
      if statistics.syncs > syncs {
        let waited = Clock.tick().microseconds(since: begun)
        longestSync.withLock { $0 = max($0, waited) }
      }
      deliver()
      counters.withLock { $0 = statistics }
      // A log of ten years has thousands of segments, so their list is not copied for every batch.
      if journal.extent != extent {
        extent = journal.extent
        let segments = journal.segments
        segmentList.withLock { $0 = segments }
      }
    }
  }
}

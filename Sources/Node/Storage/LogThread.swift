internal import BlockLog
internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// The disk thread: it owns the log, appends what the replica hands over, and syncs many records at once.
///
/// Records that somebody waits for, own votes above all, are synced at once; certificates and executions only
/// with the next of those, or after a short pause. When the thread goes idle it prepares the next segment, so that
/// appending seldom waits for a new file.
final class LogThread: Sendable {
  private enum Command: Sendable {
    case append([PendingRecord])
    case commit([Commit])
    /// To be called when everything before it is on disk.
    case barrier(@Sendable () -> Void)
    /// Work on the log itself, between two batches.
    case work(@Sendable (inout PrunableLog<FileDisk>) throws(LogError) -> Void)
  }

  /// What the thread tells the rest of the node. Called on the disk thread.
  struct Handlers: Sendable {
    var durable: @Sendable (LogPosition) -> Void
    var failed: @Sendable (LogError) -> Void
    /// There was no room to make the next segment ready.
    var unprepared: @Sendable (LogError) -> Void
    /// These blocks can be read from the store now.
    var stored: @Sendable ([Commit]) -> Void
  }

  /// How long records that nobody waits for may stay unsynced.
  private static let pause: UInt64 = 50_000

  private let mailbox = Mailbox<Command>(limit: .max)
  private let segmentList = Mutex<[LogSegment]>([])
  private let counters = Mutex(LogStatistics())
  private let thread: Mutex<WorkerThread?> = Mutex(nil)
  private let failed = Mutex<LogError?>(nil)

  /// Why nothing can be written any more; nil while all is well.
  var failure: LogError? { failed.withLock { $0 } }

  /// Figures of this process's life, for metrics.
  var statistics: LogStatistics { counters.withLock { $0 } }

  /// The log's segments, for whoever checks those that are sealed; of the one that is written only that it is there.
  var segments: [LogSegment] { segmentList.withLock { $0 } }

  func start(holdings: consuming PrunableLog<FileDisk>, store: ChainStore, handlers: Handlers) {
    // The closure runs once and takes the log with it.
    let box = Handover(holdings)
    let thread = WorkerThread("log") { [mailbox] in
      var holdings = box.take()
      self.run(&holdings, mailbox, store, handlers)
    }
    self.thread.withLock { $0 = thread }
  }

  func append(_ records: [PendingRecord]) { mailbox.force(.append(records)) }
  func commit(_ commits: [Commit]) { mailbox.force(.commit(commits)) }

  /// Calls `body`, on the disk thread, when everything that was handed over so far is on disk. Never, if the log fails.
  func whenDurable(_ body: @escaping @Sendable () -> Void) { mailbox.force(.barrier(body)) }

  /// Runs `body` with the log, on the disk thread. What it throws stops the log.
  func perform(_ body: @escaping @Sendable (inout PrunableLog<FileDisk>) throws(LogError) -> Void) {
    mailbox.force(.work(body))
  }

  /// Writes what is left, marks the log as closed and ends the thread.
  func stop() {
    mailbox.close()
    thread.withLock { $0 }?.join()
  }

  private func run(
    _ holdings: inout PrunableLog<FileDisk>, _ mailbox: Mailbox<Command>, _ store: ChainStore, _ handlers: Handlers
  ) {
    var batch: Deque<Command> = []
    var isUnsynced = false
    var isPrepared = false
    var extent: ClosedRange<UInt32>?
    do throws(LogError) {
      while mailbox.take(into: &batch, waitingAtMost: isUnsynced || !isPrepared ? Self.pause : nil) {
        if batch.isEmpty {
          if isUnsynced {
            handlers.durable(try holdings.log.sync())
            isUnsynced = false
          } else {
            isPrepared = prepare(&holdings.log, handlers)
          }
        } else {
          let isAwaited = try write(batch, &holdings, store, handlers)
          if isAwaited { handlers.durable(try holdings.log.sync()) }
          try finish(batch, &holdings)
          isUnsynced = !isAwaited
          isPrepared = false
        }
        let statistics = holdings.log.statistics
        counters.withLock { $0 = statistics }
        // A log of ten years has thousands of segments: not for every batch.
        if holdings.log.extent != extent {
          extent = holdings.log.extent
          let segments = holdings.log.segmentList
          segmentList.withLock { $0 = segments }
        }
      }
      try holdings.log.close()
    } catch {
      failed.withLock { $0 = error }
      handlers.failed(error)
      // Nothing can be written any more; what is still handed over goes nowhere, and nothing waits for it.
      while mailbox.take(into: &batch, waitingAtMost: nil) {}
    }
  }

  /// Makes the next segment ready, a step at a time. A disk without room for it is no harm yet: the segment in use
  /// has room, and there is another try after the next record.
  private func prepare(_ log: inout BlockLog<FileDisk>, _ handlers: Handlers) -> Bool {
    do throws(LogError) {
      return try !log.prepareNext()
    } catch {
      handlers.unprepared(error)
      return true
    }
  }

  /// What waited for the batch to be written.
  private func finish(_ batch: Deque<Command>, _ holdings: inout PrunableLog<FileDisk>) throws(LogError) {
    for command in batch {
      switch command {
      case .barrier(let body): body()
      case .work(let body): try body(&holdings)
      case .append, .commit: break
      }
    }
  }

  /// Appends a batch and notes where it lies. Returns whether somebody waits for it to be durable.
  private func write(
    _ batch: Deque<Command>, _ holdings: inout PrunableLog<FileDisk>, _ store: ChainStore, _ handlers: Handlers
  ) throws(LogError) -> Bool {
    var isAwaited = false
    var commits: [Commit] = []
    for command in batch {
      switch command {
      case .append(let records):
        for record in records {
          // The chain goes on above a snapshot: what became final before is committed below it.
          if record.kind == .base { try settle(&commits, &holdings, store, handlers) }
          let (_, address) = try holdings.log.append(
            kind: record.kind.rawValue, height: record.height, payload: record.payload)
          holdings.note(record, in: address.segment)
          if record.kind == .base {
            store.update { $0.begin(above: record.height) }
          } else if let block = record.block {
            store.update { $0.note(record.kind, of: block, height: record.height, at: address) }
          }
          isAwaited = isAwaited || record.kind.isAwaited
        }
      case .commit(let more):
        commits.append(contentsOf: more)
      case .barrier: isAwaited = true
      case .work: break
      }
    }
    try settle(&commits, &holdings, store, handlers)
    return isAwaited
  }

  /// Notes what became final, and says so.
  private func settle(
    _ commits: inout [Commit], _ holdings: inout PrunableLog<FileDisk>, _ store: ChainStore, _ handlers: Handlers
  ) throws(LogError) {
    guard !commits.isEmpty else { return }
    // Written first: whoever sees the new height may read it at once.
    try holdings.log.flush()
    for commit in commits {
      holdings.note(commit)
      let isStored = store.update { $0.commit(commit.block.digest, at: commit.height) }
      precondition(isStored, "block \(commit.height) became final before it was in the log")
    }
    handlers.stored(commits)
    commits = []
  }
}

internal import BlockLog
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Writes the node's snapshots, and keeps one that is being fetched: on a thread of its own, so that nobody waits.
///
/// The replica's loop copies the pinned state piece by piece and hands it over; a snapshot gets its name only when all of
/// it, and the log up to its block, is on disk.
final class SnapshotThread: Sendable {
  enum Work: Sendable {
    /// A state is pinned, of so many rows at most.
    case begin(Height, bound: Int)
    case batch(StateEntryBatch)
    /// All of it was copied; the longest piece took so many microseconds.
    case copied(longestPiece: UInt64)
    /// The log is durable beyond the block of a snapshot whose state was copied.
    case durable(Height)
    case step(SnapshotStep)
    /// The chain is as far as a snapshot that was being fetched: it is not wanted any more.
    case overtaken
  }

  /// What the thread tells the rest of the node. Called on this thread.
  struct Handlers: Sendable {
    /// The state of a height was copied: `Work.durable` is due when everything that the log was given so far is on disk.
    var copied: @Sendable (Height) -> Void
    /// A new snapshot is there.
    var made: @Sendable (Height) -> Void
    var loaded: @Sendable (Handover<LoadedState>, ChainPoint) -> Void
    var failed: @Sendable (Height) -> Void
  }

  private struct Making: ~Copyable {
    var writer: SnapshotWriter<FileDisk>
    var begun: Tick
    var longestPiece: UInt64 = 0
  }

  private let mailbox = Mailbox<Work>(limit: .max)
  private let shelf: SnapshotStore<FileDisk>
  private let store: ChainStore
  private let genesis: Genesis
  private let settings: NodeSettings
  private let counters: NodeCounters
  private let logger: Logger
  private let thread = Mutex<WorkerThread?>(nil)

  init(
    _ shelf: SnapshotStore<FileDisk>, store: ChainStore, genesis: Genesis, settings: NodeSettings,
    counters: NodeCounters, logger: Logger
  ) {
    self.shelf = shelf
    self.store = store
    self.genesis = genesis
    self.settings = settings
    self.counters = counters
    self.logger = logger
  }

  func put(_ work: Work) { mailbox.force(work) }

  func start(_ handlers: Handlers) {
    let thread = WorkerThread("snapshots") { [self] in
      var making: Making?
      var joining: StoredSnapshot<FileDisk>?
      while let work = mailbox.takeOne() {
        do throws(SnapshotFault) {
          switch work {
          case .step(let step): try take(step, &joining, handlers)
          case .overtaken:
            joining = nil
            try shelf.abandonJoining()
          default: try take(work, &making, handlers)
          }
        } catch {
          making = nil
          logger.error(
            "snapshot: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      }
    }
    self.thread.withLock { $0 = thread }
  }

  func stop() {
    mailbox.close()
    thread.withLock { $0.take() }?.join()
  }

  // MARK: Making

  private func take(_ work: Work, _ making: inout Making?, _ handlers: Handlers) throws(SnapshotFault) {
    switch work {
    case .begin(let height, let bound):
      logger.info("snapshot: copying the state of height \(height)")
      making = Making(writer: try SnapshotWriter(shelf, height: height, bound: bound), begun: Clock.tick())
    case .batch(let batch): try making?.writer.add(batch)
    case .copied(let longest):
      guard let height = making?.writer.height else { return }
      making?.longestPiece = longest
      handlers.copied(height)
    case .durable(let height):
      guard making?.writer.height == height, let made = making.take() else { return }
      try finish(made, handlers)
    case .step, .overtaken: break
    }
  }

  private func finish(_ made: consuming Making, _ handlers: Handlers) throws(SnapshotFault) {
    let height = made.writer.height
    let (begun, longest) = (made.begun, made.longestPiece)
    let proof: CertifiedBlock?
    do throws(ChainStoreError) {
      proof = try store.certifiedBlock(at: height)
    } catch {
      logger.error("snapshot: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
      return
    }
    guard let proof else {
      logger.warning("snapshot: nothing in the log proves height \(height)")
      return
    }
    let manifest = try made.writer.finish(proof: proof)
    try shelf.keep(settings.snapshotsKept)
    let bytes = try shelf.byteCount(of: height)
    let milliseconds = Clock.tick().microseconds(since: begun) / 1000
    counters.snapshot(height: height, bytes: bytes, longestPiece: longest)
    logger.notice(
      "snapshot of height \(height): \(manifest.entryCount) entries in \(bytes) bytes, made in \(milliseconds) ms",
      metadata: ["longestPause": "\(longest) us"])
    handlers.made(height)
  }

  // MARK: Fetching

  /// The snapshot whose fetching the last stop interrupted.
  func interrupted() throws(SnapshotFault) -> StoredSnapshot<FileDisk>? { try shelf.interrupted() }

  private func take(
    _ step: SnapshotStep, _ joining: inout StoredSnapshot<FileDisk>?, _ handlers: Handlers
  ) throws(SnapshotFault) {
    switch step {
    case .begin(let height, let manifest): joining = try shelf.begin(height, manifest: manifest)
    case .store(let height, let index, let bytes):
      if joining == nil { joining = try shelf.interrupted() }
      guard joining?.manifest.height == height else { return }
      try joining?.store(index, bytes)
    case .assemble(let height):
      if joining == nil { joining = try shelf.interrupted() }
      guard let whole = joining, whole.manifest.height == height else { return handlers.failed(height) }
      joining = nil
      do throws(SnapshotFault) {
        let state = try StateLoading.load(whole, genesis: genesis, threads: settings.verifyThreads)
        try shelf.complete(whole)
        let point = state.ledger.settled
        handlers.loaded(Handover(state), point)
      } catch {
        try shelf.abandonJoining()
        handlers.failed(height)
        throw error
      }
    }
  }
}

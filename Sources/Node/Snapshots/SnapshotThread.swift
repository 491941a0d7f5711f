internal import BlockLog
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Writes the node's snapshots and stores one that is being fetched, on a separate thread, so that no other thread
/// waits.
final class SnapshotThread: Sendable {
  /// What the thread reports to the rest of the node. Called on this thread.
  struct Handlers: Sendable {
    /// The state of a height has been copied.
    var copied: @Sendable (Height) -> Void
    /// A new snapshot is complete.
    var made: @Sendable (Height) -> Void
    var loaded: @Sendable (Handover<LoadedState>, Handover<LedgerView>, ChainPoint) -> Void
    var failed: @Sendable (Height) -> Void
  }

  private let mailbox = Mailbox<SnapshotCommand>(limit: .max)
  private let snapshots: SnapshotStore<FileDisk>
  private let store: ChainStore
  private let genesis: Genesis
  private let settings: NodeSettings
  private let counters: NodeCounters
  private let health: HealthMonitor
  private let logger: Logger

  init(
    _ snapshots: SnapshotStore<FileDisk>, store: ChainStore, genesis: Genesis, settings: NodeSettings,
    counters: NodeCounters, health: HealthMonitor, logger: Logger
  ) {
    self.snapshots = snapshots
    self.store = store
    self.genesis = genesis
    self.settings = settings
    self.counters = counters
    self.health = health
    self.logger = logger
  }

  func put(_ command: SnapshotCommand) { mailbox.force(command) }

  func start(_ handlers: Handlers) -> WorkerThread {
    WorkerThread("snapshots", end: { [mailbox] in mailbox.close() }) { [self] in
      var jobs = SnapshotJobs(snapshots, kept: settings.snapshotsKept)
      var begun = Clock.tick()
      while let command = mailbox.takeOne() {
        if case .begin(let height, _) = command {
          begun = Clock.tick()
          logger.info("snapshot: copying the state of height \(height)")
        }
        let receiver = Receiver(thread: self, handlers: handlers, begun: begun)
        do throws(SnapshotJobError) {
          try jobs.run(command, from: store, receiver)
        } catch {
          health.note { $0.snapshotFailed(error, Clock.tick()) }
          logger.error(
            "snapshot: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      }
    }
  }

  /// Lets the replica continue fetching the snapshot that the last stop interrupted.
  func resume(above height: Height, in loop: ReplicaLoop) {
    do throws(SnapshotFault) {
      guard let found = try snapshots.interrupted() else { return }
      // The node's blocks have reached that height in the meantime.
      guard found.manifest.height > height else { return put(.overtaken) }
      loop.post(.resumeSnapshot(manifest: found.manifestBytes, chunks: found.chunks))
    } catch {
      logger.warning("the snapshot that was being fetched is lost: \(error.explanation)")
    }
  }

  private struct Receiver: SnapshotReceiver {
    let thread: SnapshotThread
    let handlers: Handlers
    let begun: Tick

    func copied(_ height: Height) { handlers.copied(height) }

    func made(_ manifest: SnapshotManifest, bytes: Int, longestPiece: UInt64) {
      let milliseconds = Clock.tick().microseconds(since: begun) / 1000
      thread.health.note { $0.snapshotMade() }
      thread.counters.snapshot(height: manifest.height, bytes: bytes, longestPiece: longestPiece)
      thread.logger.notice(
        "snapshot of height \(manifest.height): \(manifest.entryCount) entries in \(bytes) bytes, made in \(milliseconds) ms",
        metadata: ["longestPause": "\(longestPiece) us"])
      handlers.made(manifest.height)
    }

    func unproven(_ height: Height) {
      thread.logger.warning("snapshot: nothing here proves height \(height)")
    }

    func load(_ stored: StoredSnapshot<FileDisk>) throws(SnapshotFault) -> LoadedState {
      let validators = try stored.validators(thread.store.closings, thread.genesis)
      return try StateLoading.load(
        stored, of: validators, genesis: thread.genesis, threads: thread.settings.verifyThreads)
    }

    func loaded(_ state: consuming LoadedState) {
      let view = LedgerView(of: state.ledger)
      let point = view.point
      handlers.loaded(Handover(state), Handover(view), point)
    }

    func failed(_ height: Height) { handlers.failed(height) }
  }
}

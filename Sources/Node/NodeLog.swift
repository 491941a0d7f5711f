internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
internal import NodeCore
package import Primitives
internal import Replica

/// Creates a node's log in its folder, and opens it while reporting to the operator.
package enum NodeLog {
  /// Creates the log of a node whose vote key has never signed anything, so that it may vote immediately.
  package static func found(
    in directory: String, chain: ChainContext, voteKey: PublicKey
  ) throws(NodeError) {
    do throws(LogError) {
      try Startup.found(
        try disk(directory), owner: LogOwner(chain: chain.genesis, writer: voteKey), options: options())
    } catch {
      throw .log(error)
    }
  }

  private static func disk(_ directory: String) throws(LogError) -> FileDisk {
    do throws(DiskError) {
      return try FileDisk(path: directory)
    } catch {
      throw .disk(error)
    }
  }

  private static func options() -> LogOptions {
    var options = LogOptions()
    options.salt = UInt64.random(in: .min ... .max)
    return options
  }

  /// An open log and what was restored from it.
  struct Opened: ~Copyable {
    var journal: Journal<FileDisk>
    var restoration: Restoration
    var index: ChainIndex
  }

  /// Opens the log and rebuilds the state from it. Logs what it finds and, during a long replay, how far it is.
  static func open(
    in directory: String, of keys: HeldKeys, knowsOthers: Bool, snapshots: SnapshotStore<FileDisk>,
    schedule: SnapshotSchedule, genesis: Genesis, threads: Int, progress: StartProgress, logger: Logger
  ) throws(NodeError) -> Opened {
    let storage: FileDisk
    do throws(LogError) {
      storage = try disk(directory)
    } catch {
      throw .log(error)
    }
    var verifier = SignatureVerifier(genesis.suite)
    var told = Told(directory: directory, progress: progress, logger: logger, last: Clock.tick())
    do throws(StartupError) {
      return try Startup(genesis: genesis, keys: keys, options: options(), schedule: schedule, knowsOthers: knowsOthers)
        .open(
          storage, snapshots: snapshots,
          load: { (stored, validators) throws(SnapshotFault) in
            told.loadingBegan = Clock.tick()
            progress.enter(.loadingSnapshot(stored.manifest.height))
            return try StateLoading.load(stored, of: validators, genesis: genesis, threads: threads)
          }, holds: { verifier.verify($0.signature, of: $0.message, by: $0.key) }, observe: { told.tell($0) }
        ).use { journal, restoration, index in Opened(journal: journal, restoration: restoration, index: index) }
    } catch {
      throw explain(error, directory, genesis, isSole: genesis.validators.count == 1 && !knowsOthers)
    }
  }

  /// Logs the events of a start for the operator.
  private struct Told {
    /// Microseconds between two log lines about a long replay. A number of records would not do: one block may take a
    /// tenth of a second.
    static let interval: UInt64 = 5_000_000

    let directory: String
    let progress: StartProgress
    let logger: Logger
    var last: Tick
    var loadingBegan = Tick(0)

    mutating func tell(_ event: StartupEvent) {
      switch event {
      case .logMissing:
        logger.warning(
          "no log in \(directory): this node listens until it knows the views of the others, and then votes again")
      case .logEmpty: logger.warning("the log in \(directory) is empty: this node listens before it votes")
      case .opened(let report): for line in report.lines { logger.notice("\(line)") }
      case .snapshotRemoved(let height, let error):
        logger.warning(
          "the snapshot of height \(height) cannot be used and is removed: \(error.explanation)",
          metadata: ["code": "\(error.code)"])
      case .snapshotLoaded(let height):
        let milliseconds = Clock.tick().microseconds(since: loadingBegan) / 1000
        logger.notice("starting from the snapshot of height \(height), loaded in \(milliseconds) ms")
      case .applied(let record, let count, let total):
        progress.enter(.replaying(record: count, of: total, height: record.height))
        let now = Clock.tick()
        guard now.microseconds(since: last) >= Self.interval else { return }
        last = now
        logger.notice("replaying the log: \(count) of \(total) records, now at height \(record.height)")
      case .final, .continued: break
      }
    }
  }

  /// - Parameter isSole: whether the node knows of no other that could have its blocks.
  private static func explain(
    _ error: StartupError, _ directory: String, _ genesis: Genesis, isSole: Bool
  ) -> NodeError {
    switch error {
    case .log(.wrongWriter(let file, let expected, let found)):
      .anothersLog(
        path: "\(directory)/\(file)", own: describe(expected, genesis), writer: describe(found, genesis))
    case .log(.damaged(let damage)) where isSole:
      .soleLogDamaged(directory: directory, damage)
    case .log(let error): .log(error)
    case .soleLogMissing: .soleLogMissing(directory: directory)
    case .pruneMark(let error): .unreadable(path: "\(directory)'s prune mark", reason: error.explanation)
    case .snapshots(let error): .history(error)
    case .snapshotMissing(let height): .snapshotMissing(directory: directory, height: height)
    case .records(let error):
      switch error.cause {
      case .foreignVote(let expected, let found):
        .anothersLog(
          path: "\(directory), whose record \(error.position) is a vote,", own: describe(expected, genesis),
          writer: found.map { describe($0, genesis) } ?? "an unknown validator")
      default: .history(error)
      }
    }
  }

  /// A validator's name, if genesis lists it, and its vote key.
  private static func describe(_ key: PublicKey, _ genesis: Genesis) -> String {
    let name = genesis.validators.first { $0.voteKey == key }?.name
    return name.map { "\($0) (vote key \(key))" } ?? "an unknown validator (vote key \(key))"
  }
}

internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
package import Primitives
internal import Replica

/// Making, opening and replaying a node's log.
package enum NodeLog {
  /// Makes the log of a validator that starts together with its chain, so that it may vote at once.
  package static func found(in directory: String, chain: ChainContext) throws(NodeError) {
    let log = try create(directory, chain, .founded)
    _ = consume log
  }

  private static func create(
    _ directory: String, _ chain: ChainContext, _ origin: LogOrigin
  ) throws(NodeError) -> BlockLog<FileDisk> {
    var log: BlockLog<FileDisk>
    do throws(LogError) {
      log = try BlockLog.create(try disk(directory), chain: chain.genesis, options: options())
    } catch {
      throw .log(error)
    }
    try write(origin, to: &log)
    return log
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

  /// What a log gives back at the start.
  struct Opened: ~Copyable {
    var log: BlockLog<FileDisk>
    var restoration: Restoration
    var index: ChainIndex
  }

  /// Opens the log, repairing what a crash may leave, and rebuilds the state from it. Reports what it found and,
  /// for a long log, how far it is.
  static func open(
    in directory: String, genesis: Genesis, validators: Int, logger: Logger
  ) throws(NodeError) -> Opened {
    var log = try openOrCreate(directory, genesis.chain, validators: validators, logger)
    for line in log.recovery.lines { logger.notice("\(line)") }
    var restoration = Restoration(genesis: genesis, ledger: LedgerState(genesis: genesis))
    var index = ChainIndex()
    let total = log.recovery.records
    if log.appended == .start { try beginAgain(&log, validators: validators, directory, logger) }
    var taken = 0
    do {
      var cursor = try log.records()
      while let record = try cursor.next() {
        let restored = try restoration.take(kind: record.kind, payload: record.payload, at: record.position)
        if let block = restored.block {
          index.note(restored.kind, of: block, height: restored.height, at: record.address)
        }
        for commit in restored.commits {
          let isIndexed = index.commit(commit.block.digest, at: commit.height)
          precondition(isIndexed, "block \(commit.height) is final but not in the log")
        }
        taken += 1
        if taken.isMultiple(of: 50_000) {
          logger.notice("replaying the log: \(taken) of \(total) records, height \(index.height)")
        }
      }
    } catch let error as LogError {
      throw .log(error)
    } catch let error as any ExplainedError {
      throw .history(error)
    } catch {
      throw .unreadable(path: directory, reason: "\(error)")
    }
    return Opened(log: log, restoration: restoration, index: index)
  }

  /// A log without its first record was being made when the process ended. By whom is not known, so it is treated as
  /// one that replaces another.
  private static func beginAgain(
    _ log: inout BlockLog<FileDisk>, validators: Int, _ directory: String, _ logger: Logger
  ) throws(NodeError) {
    guard validators > 1 else { throw .soleLogMissing(directory: directory) }
    logger.warning("the log in \(directory) is empty: this node listens before it votes")
    try write(.joined, to: &log)
  }

  private static func write(_ origin: LogOrigin, to log: inout BlockLog<FileDisk>) throws(NodeError) {
    do throws(LogError) {
      _ = try log.append(kind: RecordKind.origin.rawValue, height: .genesis, payload: [origin.rawValue])
      _ = try log.sync()
    } catch {
      throw .log(error)
    }
  }

  private static func openOrCreate(
    _ directory: String, _ chain: ChainContext, validators: Int, _ logger: Logger
  ) throws(NodeError) -> BlockLog<FileDisk> {
    do throws(LogError) {
      return try BlockLog.open(try disk(directory), chain: chain.genesis, options: options())
    } catch {
      guard error == .noLog else { throw .log(error) }
    }
    guard validators > 1 else { throw .soleLogMissing(directory: directory) }
    logger.warning(
      "no log in \(directory): this node listens until it knows where the others stand, then it votes again")
    return try create(directory, chain, .joined)
  }
}

internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
package import Primitives
internal import Replica

/// Making, opening and replaying a node's log.
package enum NodeLog {
  /// Makes the log of a validator that starts together with its chain, so that it may vote at once.
  package static func found(
    in directory: String, chain: ChainContext, voteKey: PublicKey
  ) throws(NodeError) {
    let log = try create(directory, LogOwner(chain: chain.genesis, writer: voteKey), .founded)
    _ = consume log
  }

  private static func create(
    _ directory: String, _ owner: LogOwner, _ origin: LogOrigin
  ) throws(NodeError) -> BlockLog<FileDisk> {
    var log: BlockLog<FileDisk>
    do throws(LogError) {
      log = try BlockLog.create(try disk(directory), owner: owner, options: options())
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
    var segments: SegmentVotes
  }

  /// Opens the log, repairing what a crash may leave, and rebuilds the state from it, beginning with the newest
  /// snapshot. Reports what it found and, for a long log, how far it is.
  static func open(
    in directory: String, of own: ValidatorIndex, snapshots shelf: SnapshotStore<FileDisk>, genesis: Genesis,
    threads: Int, logger: Logger
  ) throws(NodeError) -> Opened {
    let validators = genesis.validators.count
    let owner = LogOwner(chain: genesis.digest, writer: genesis.validators[Int(own.rawValue)].voteKey)
    var log: BlockLog<FileDisk>
    do throws(NodeError) {
      log = try openOrCreate(directory, owner, validators: validators, logger)
    } catch {
      guard case .log(.wrongWriter(let file, let expected, let found)) = error else { throw error }
      throw .anothersLog(
        path: "\(directory)/\(file)", own: describe(expected, genesis), writer: describe(found, genesis))
    }
    for line in log.recovery.lines { logger.notice("\(line)") }
    if log.appended == .start { try beginAgain(&log, validators: validators, directory, logger) }
    let base = try base(of: log, directory)
    let state: LoadedState
    do throws(SnapshotFault) {
      try shelf.tidy()
      state = try StateLoading.newest(on: shelf, genesis: genesis, threads: threads, logger: logger)
    } catch {
      throw .history(error)
    }
    guard base?.height ?? .genesis <= state.proof?.height ?? .genesis else {
      throw .snapshotMissing(directory: directory, height: base?.height ?? .genesis)
    }
    var opened = Opened(
      log: log, restoration: Restoration(genesis: genesis, state: state, base: base),
      index: ChainIndex(base: base?.height ?? .genesis), segments: SegmentVotes())
    do {
      try replay(&opened, logger)
      try finish(&opened, genesis.chain)
      var verifier = SignatureVerifier(genesis.suite)
      try opened.restoration.requireOwn(by: own, isNamed: opened.log.isNamed) { item in
        verifier.verify(item.signature, of: item.message, by: item.key)
      }
    } catch let error as LogError {
      throw .log(error)
    } catch let error as RestorationError {
      guard case .foreignVote(let expected, let found) = error.cause else { throw .history(error) }
      throw .anothersLog(
        path: "\(directory), whose record \(error.position) is a vote,", own: describe(expected, genesis),
        writer: found.map { describe($0, genesis) } ?? "an unknown validator")
    } catch let error as any ExplainedError {
      throw .history(error)
    } catch {
      throw .unreadable(path: directory, reason: "\(error)")
    }
    return opened
  }

  /// A validator, as people and files name it.
  private static func describe(_ key: PublicKey, _ genesis: Genesis) -> String {
    let name = genesis.validators.first { $0.voteKey == key }?.name
    return name.map { "\($0) (vote key \(key))" } ?? "a stranger (vote key \(key))"
  }

  /// What the prune mark says, if there is one.
  private static func base(of log: borrowing BlockLog<FileDisk>, _ directory: String) throws(NodeError) -> LogBase? {
    guard let mark = log.pruned else { return nil }
    do throws(CodecError) {
      return try LogBase(mark.carry)
    } catch {
      throw .unreadable(path: "\(directory)'s prune mark", reason: error.explanation)
    }
  }

  /// Between two lines about a long replay. Records differ too much to count them: one block may take a tenth of a second.
  private static let progressInterval: UInt64 = 5_000_000

  private static func replay(_ opened: inout Opened, _ logger: Logger) throws {
    let total = opened.log.recovery.records
    var taken = 0
    var told = Clock.tick()
    var cursor = try opened.log.records()
    while let record = try cursor.next() {
      let restored = try opened.restoration.take(kind: record.kind, payload: record.payload, at: record.position)
      opened.segments.note(record.kind, payload: record.payload, in: record.address.segment)
      if let above = restored.base { opened.index.begin(above: above) }
      if let block = restored.block {
        opened.index.note(restored.kind, of: block, height: restored.height, at: record.address)
      }
      commit(restored.final, to: &opened.index)
      taken += 1
      let now = Clock.tick()
      if now.microseconds(since: told) >= progressInterval {
        told = now
        logger.notice("replaying the log: \(taken) of \(total) records, height \(opened.index.height)")
      }
    }
  }

  private static func commit(_ blocks: [FinalBlock], to index: inout ChainIndex) {
    for block in blocks {
      let isIndexed = index.commit(block.digest, at: block.height)
      precondition(isIndexed, "block \(block.height) is final but not in the log")
    }
  }

  /// A log that does not reach up to the snapshot goes on above it, and says so from then on.
  private static func finish(_ opened: inout Opened, _ chain: ChainContext) throws {
    let end = opened.restoration.finish()
    commit(end.final, to: &opened.index)
    guard let proof = end.base else { return }
    var writer = Writer(capacity: 1024)
    proof.encode(into: &writer, chain: chain)
    let (position, _) = try opened.log.append(
      kind: RecordKind.base.rawValue, height: proof.height, payload: writer.bytes)
    _ = try opened.log.sync()
    _ = try opened.restoration.take(kind: RecordKind.base.rawValue, payload: writer.bytes, at: position)
    opened.index.begin(above: proof.height)
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
    _ directory: String, _ owner: LogOwner, validators: Int, _ logger: Logger
  ) throws(NodeError) -> BlockLog<FileDisk> {
    do throws(LogError) {
      return try BlockLog.open(try disk(directory), owner: owner, options: options())
    } catch {
      guard error == .noLog else { throw .log(error) }
    }
    guard validators > 1 else { throw .soleLogMissing(directory: directory) }
    logger.warning(
      "no log in \(directory): this node listens until it knows the views of the others, then it votes again")
    return try create(directory, owner, .joined)
  }
}

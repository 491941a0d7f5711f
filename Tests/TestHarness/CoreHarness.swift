package import BlockLog
package import Cryptography
package import Ledger
package import NodeCore
package import Primitives
package import Replica

/// The core of a node on a disk in memory: `Startup` opens the log, `ReplicaHost` owns the replica, and `Journal` writes
/// what the host hands out.
///
/// The owner plays the peers, the clients and the verification workers, and decides when the disk works and when time
/// passes.
package final class CoreHarness {
  /// Small segments, so that a long log has several.
  package static let logOptions = LogOptions(
    firstSegmentBytes: 16 << 10, segmentBytes: 1 << 20, salt: 0x5EED, batchBytes: 64 << 10)

  /// Brings log and signer to agree at a start. Returns the statements that it recorded.
  package typealias Agreement = (inout Journal<MemoryDisk>, inout Restoration) throws(LogError) -> [Statement]

  private final class Index: ChainIndexHolder {
    var index = ChainIndex()
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
  }

  private struct Run: ~Copyable {
    var host: ReplicaHost
    var journal: Journal<MemoryDisk>
  }

  private let genesis: Genesis
  private let own: ValidatorIndex
  private let holds: (VerificationItem) -> Bool
  private let makeReplica: (consuming Restoration, Now) -> Replica
  private let agree: Agreement
  private let index = Index()
  private var run: Run
  /// The vote keys that the node holds at its next start; nil for that of genesis.
  package var keys: HeldKeys?
  /// What the journal has not been given yet, in order.
  private var waiting: [JournalCommand] = []
  package private(set) var disk: MemoryDisk
  /// Every record of the log, including those that are not on disk yet. The first has position 1.
  package private(set) var log: [PendingRecord]
  /// The last position that the journal has called durable.
  package private(set) var durable: LogPosition

  /// - Parameter own: the validator that the log belongs to.
  /// - Parameter origin: `.founded` for a node that starts with its chain. `.joined` for a node whose log is missing.
  /// - Parameter holds: whether a signature is valid.
  /// - Parameter replica: makes the replica from the restored state, at every start.
  package init(
    genesis: Genesis, own: ValidatorIndex, origin: LogOrigin = .founded, now: Now,
    holds: @escaping (VerificationItem) -> Bool, replica: @escaping (consuming Restoration, Now) -> Replica,
    agree: @escaping Agreement = { (_, _) in [] }
  ) throws {
    self.agree = agree
    self.genesis = genesis
    self.own = own
    self.holds = holds
    makeReplica = replica
    disk = MemoryDisk()
    log = [PendingRecord(origin)]
    if origin == .founded {
      try Startup.found(disk, owner: Self.owner(genesis, own), options: Self.logOptions)
    }
    let opened = try Self.open(disk, genesis: genesis, own: own, holds: holds)
    durable = LogPosition(1)
    run = Self.start(opened, now, index, replica, { (_, _) in })
  }

  // MARK: Starting

  package static func owner(_ genesis: Genesis, _ own: ValidatorIndex) -> LogOwner {
    LogOwner(chain: genesis.digest, writer: genesis.validators[Int(own.rawValue)].voteKey)
  }

  /// A disk with a log of these records, all of them durable.
  package static func disk(_ records: some Sequence<PendingRecord>, owner: LogOwner) throws(LogError) -> MemoryDisk {
    let disk = MemoryDisk()
    var log = try BlockLog.create(disk, owner: owner, options: logOptions)
    for record in records { _ = try log.append(record) }
    _ = try log.sync()
    return disk
  }

  /// Opens a log as a node does when it starts. There are no snapshots.
  package static func open(
    _ disk: MemoryDisk, genesis: Genesis, own: ValidatorIndex, keys: HeldKeys? = nil,
    holds: (VerificationItem) -> Bool, observe: (StartupEvent) -> Void = { _ in }
  ) throws(StartupError) -> OpenedLog<MemoryDisk> {
    try Startup(
      genesis: genesis, keys: keys ?? HeldKeys(genesis.validators[Int(own.rawValue)].voteKey), options: logOptions
    ).open(
      disk, snapshots: SnapshotStore(MemoryDisk(), chain: genesis.chain),
      load: { (stored, _) throws(SnapshotFault) in
        preconditionFailure("there is a snapshot of height \(stored.manifest.height)")
      }, holds: holds, observe: observe)
  }

  private static func start(
    _ opened: consuming OpenedLog<MemoryDisk>, _ now: Now, _ holder: Index,
    _ makeReplica: (consuming Restoration, Now) -> Replica,
    _ agree: (inout Journal<MemoryDisk>, inout Restoration) -> Void
  ) -> Run {
    opened.use { journal, restoration, index in
      holder.index = index
      var journal = journal
      var restoration = restoration
      agree(&journal, &restoration)
      return Run(host: ReplicaHost(makeReplica(restoration, now)), journal: journal)
    }
  }

  private func start(now: Now) throws {
    var count = 0
    let opened = try Self.open(disk, genesis: genesis, own: own, keys: keys, holds: holds) { event in
      if case .applied = event { count += 1 }
    }
    precondition(count <= log.count, "the disk holds \(count) records, but \(log.count) were handed over")
    log.removeLast(log.count - count)
    waiting = []
    var recorded: [Statement] = []
    run = Self.start(opened, now, index, makeReplica) { [agree] journal, restoration in
      do throws(LogError) {
        recorded = try agree(&journal, &restoration)
      } catch {
        preconditionFailure("the log and the signer cannot be made to agree: \(error.explanation)")
      }
    }
    log += recorded.map { PendingRecord($0) }
    durable = LogPosition(UInt64(log.count))
  }

  /// Power fails: what is not on disk is lost. The node then starts again.
  package func restart(now: Now) throws {
    var unused = SeededGenerator(seed: 0)
    disk.crash(.nothing, using: &unused)
    try start(now: now)
  }

  /// Starts the node again with a log of these records.
  package func restart(from records: [PendingRecord], now: Now) throws {
    disk = try Self.disk(records, owner: Self.owner(genesis, own))
    log = records
    try start(now: now)
  }

  // MARK: Steps and effects

  package var host: ReplicaHost { _read { yield run.host } }

  package func withHost<Answer>(_ body: (inout ReplicaHost) throws -> Answer) rethrows -> Answer {
    try body(&run.host)
  }

  /// The effects that `handOut` will hand out are those of all steps since its last call.
  package func step(_ input: ReplicaInput, now: Now) { run.host.step(input, now: now) }

  /// Hands out the effects. Records and commits wait for `write`; the rest is the caller's to carry out, in order.
  package func handOut() -> [EffectBuffer.Effect] {
    let buffer = EffectBuffer()
    run.host.handOut(to: buffer)
    return take(buffer)
  }

  /// Continues from the state of a snapshot. Returns the effects, as `handOut` does.
  package func install(_ state: consuming LoadedState, now: Now) -> [EffectBuffer.Effect] {
    let buffer = EffectBuffer()
    _ = run.host.install(state, now: now, buffer)
    return take(buffer)
  }

  private func take(_ buffer: EffectBuffer) -> [EffectBuffer.Effect] {
    for effect in buffer.effects {
      switch effect {
      case .records(let records):
        log += records
        waiting.append(.append(records))
      case .commits(let commits): waiting.append(.commit(commits))
      case .closings(let closings): waiting.append(.keep(closings))
      case .sign, .sends, .verify, .hurry, .dropChecks, .serve, .snapshot, .answer, .notice, .peers: break
      }
    }
    return buffer.effects
  }

  // MARK: The disk

  /// The journal writes the first `count` records of the log, as far as it has not yet, and syncs. Returns the position
  /// that the replica is to be told is durable.
  package func write(_ count: Int) throws(LogError) -> LogPosition {
    let batch = removeBatch(count)
    guard !batch.isEmpty else { return durable }
    var events: [JournalEvent] = []
    if try run.journal.write(batch, index, &events) {
      try run.journal.settle(batch, index, &events)
    } else {
      try run.journal.carryOut(batch, index, &events)
      try run.journal.rest(&events)
    }
    for case .durable(let position) in events { durable = position }
    return durable
  }

  /// Removes from the commands that wait those up to a record, splitting one if necessary.
  private func removeBatch(_ count: Int) -> [JournalCommand] {
    var room = count - Int(run.journal.appended.rawValue)
    var batch: [JournalCommand] = []
    while let next = waiting.first {
      if case .append(let records) = next {
        guard records.count <= room else {
          if room > 0 {
            batch.append(.append(Array(records.prefix(room))))
            waiting[0] = .append(Array(records.dropFirst(room)))
          }
          return batch
        }
        room -= records.count
      }
      batch.append(next)
      waiting.removeFirst()
    }
    return batch
  }
}

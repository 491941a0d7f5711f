package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica

/// Opens a node's log, repairs what a crash may have left, and rebuilds the state from the log, beginning with the
/// newest snapshot.
package struct Startup<Storage: Disk> {
  private let genesis: Genesis
  private let keys: HeldKeys
  private let options: LogOptions
  private let schedule: SnapshotSchedule
  private let knowsOthers: Bool

  /// - Parameter keys: the vote keys that the node holds.
  /// - Parameter schedule: when the node makes snapshots.
  /// - Parameter knowsOthers: whether something besides the log says that the chain has other nodes, which can give back a log
  ///   that is lost.
  package init(
    genesis: Genesis, keys: HeldKeys, options: LogOptions, schedule: SnapshotSchedule = .never,
    knowsOthers: Bool = false
  ) {
    self.genesis = genesis
    self.keys = keys
    self.options = options
    self.schedule = schedule
    self.knowsOthers = knowsOthers
  }

  /// The owner that the files of a log must name.
  private func owner(of storage: Storage) -> LogOwner {
    .found(in: storage, chain: genesis.digest, otherwise: keys.current)
  }

  /// Whether this node is the only validator that it knows of, so that nobody can give it back a lost log.
  private func isSole(_ closings: ClosingBook) -> Bool {
    let validators = closings.newestValidators(genesis)
    return validators.count == 1 && !knowsOthers && keys.all.contains(validators.validators[0].voteKey)
  }

  // MARK: Creating a log

  /// Creates the log of a node whose vote key has never signed anything, as that of a validator that starts together with its
  /// chain, so that it may vote immediately.
  package static func found(_ storage: Storage, owner: LogOwner, options: LogOptions) throws(LogError) {
    let log = try create(storage, owner, options, .founded)
    _ = consume log
  }

  private static func create(
    _ storage: Storage, _ owner: LogOwner, _ options: LogOptions, _ origin: LogOrigin
  ) throws(LogError) -> BlockLog<Storage> {
    var log = try BlockLog.create(storage, owner: owner, options: options)
    try write(origin, to: &log)
    return log
  }

  private static func write(_ origin: LogOrigin, to log: inout BlockLog<Storage>) throws(LogError) {
    _ = try log.append(PendingRecord(origin))
    _ = try log.sync()
  }

  // MARK: Opening a log

  /// - Parameter beginning: builds the state after genesis.
  /// - Parameter load: builds the state of a snapshot after verifying its proof with the validators of its epoch.
  /// - Parameter holds: returns whether a signature is valid.
  package func open(
    _ storage: Storage, snapshots: SnapshotStore<Storage>,
    beginning: (Genesis) -> LedgerState = { LedgerState(genesis: $0) },
    load: (StoredSnapshot<Storage>, ValidatorSet) throws(SnapshotFault) -> LoadedState,
    holds: (VerificationItem) -> Bool, observe: (StartupEvent) -> Void
  ) throws(StartupError) -> OpenedLog<Storage> {
    let store = ClosingStore([storage, snapshots.storage], chain: genesis.chain)
    let found = try closings(in: store, holds)
    let known = found.book
    var log = try openOrCreate(storage, known, observe)
    observe(.opened(log.recovery))
    if log.appended == .start { try beginAgain(&log, known, observe) }
    let base = try base(of: log)
    var unusable: SnapshotFault?
    let state = try newestState(snapshots, known, beginning, load, &unusable, observe)
    guard base?.height ?? .genesis <= state.proof?.height ?? .genesis else {
      throw unusable.map { .snapshots($0) } ?? .snapshotMissing(base?.height ?? .genesis)
    }
    var restoration = Restoration(
      genesis: genesis, state: state, base: base, schedule: schedule, closings: known)
    var index = ChainIndex(base: base?.height ?? .genesis)
    var votes = SegmentRounds()
    var unstored = found.incomplete
    do {
      try replay(&log, &restoration, &index, &votes, observe)
      try finish(&log, &restoration, &index, observe) { () throws(DiskError) in try store.store(&unstored) }
      try requireOwn(&restoration, &log, holds)
    } catch let error as LogError {
      throw .log(error)
    } catch let error as RestorationError {
      throw .records(error)
    } catch {
      preconditionFailure("replaying a log fails with \(error)")
    }
    for closing in restoration.closings.all { index.note(closing) }
    let holdings = PrunableLog(
      log: log, book: votes, base: restoration.base(at: index.base), closed: restoration.closedRound, closings: store,
      unstored: unstored + restoration.closings.all.filter { known[$0.epoch] == nil })
    return OpenedLog(journal: Journal(holdings), restoration: restoration, index: index)
  }

  private func openOrCreate(
    _ storage: Storage, _ closings: ClosingBook, _ observe: (StartupEvent) -> Void
  ) throws(StartupError) -> BlockLog<Storage> {
    let owner = owner(of: storage)
    do throws(LogError) {
      try requireNamed(by: owner, in: storage, closings)
      return try BlockLog.open(storage, owner: owner, options: options)
    } catch {
      guard error == .noLog else { throw .log(error) }
    }
    guard !isSole(closings) else { throw .soleLogMissing }
    observe(.logMissing)
    do throws(LogError) {
      return try Self.create(storage, owner, options, originOfNewLog)
    } catch {
      throw .log(error)
    }
  }

  /// Refuses a log that another key wrote, before anything is changed in it, unless the chain or a record of it says that this
  /// node has had both keys.
  private func requireNamed(
    by owner: LogOwner, in storage: Storage, _ closings: ClosingBook
  ) throws(LogError) {
    guard let writer = owner.writer, writer != keys.current else { return }
    if closings.areOfOne(writer, keys.current, genesis) { return }
    let reader = LogReader(storage, owner: owner)
    if LogOwnership.names(keys.current, in: reader) { return }
    // What keeps the log from being read comes first.
    let first = try reader.inspect().inspection.pruned?.firstSegment ?? 1
    throw .wrongWriter(file: SegmentHeader.fileName(first), expected: keys.current, found: writer)
  }

  /// Handles a log without a first record, which was being created when the process ended. It is not known why it was
  /// created, so it is treated as one that replaces another.
  private func beginAgain(
    _ log: inout BlockLog<Storage>, _ closings: ClosingBook, _ observe: (StartupEvent) -> Void
  ) throws(StartupError) {
    guard !isSole(closings) else { throw .soleLogMissing }
    observe(.logEmpty)
    do throws(LogError) {
      try Self.write(originOfNewLog, to: &log)
    } catch {
      throw .log(error)
    }
  }

  private func closings(
    in store: ClosingStore<Storage>, _ holds: (VerificationItem) -> Bool
  ) throws(StartupError) -> ClosingStore<Storage>.Found {
    do throws(DiskError) {
      return try store.load(genesis, holds: holds)
    } catch {
      throw .log(.disk(error))
    }
  }

  /// The carry of the prune mark, if there is one.
  private func base(of log: borrowing BlockLog<Storage>) throws(StartupError) -> LogBase? {
    guard let mark = log.pruned else { return nil }
    if Mutation.ignorePruneMark.isOn { return nil }
    do throws(CodecError) {
      return try LogBase(mark.carry)
    } catch {
      throw .pruneMark(error)
    }
  }

  /// The state of the newest snapshot that can be loaded, or else the state after genesis. An unusable snapshot is
  /// removed; it will be created or fetched again. One that only lacks a closing stays, and `unusable` says so.
  private func newestState(
    _ snapshots: SnapshotStore<Storage>, _ closings: ClosingBook, _ beginning: (Genesis) -> LedgerState,
    _ load: (StoredSnapshot<Storage>, ValidatorSet) throws(SnapshotFault) -> LoadedState,
    _ unusable: inout SnapshotFault?, _ observe: (StartupEvent) -> Void
  ) throws(StartupError) -> LoadedState {
    do throws(SnapshotFault) {
      try snapshots.tidy()
      try snapshots.syncNames()
      for height in try snapshots.heights().reversed() {
        do throws(SnapshotFault) {
          let stored = try snapshots.open(height)
          let state = try load(stored, try stored.validators(closings, genesis))
          observe(.snapshotLoaded(height))
          return state
        } catch {
          if case .file(.disk) = error { throw error }
          if case .closingMissing = error {
            unusable = unusable ?? error
            continue
          }
          observe(.snapshotRemoved(height, error))
          try snapshots.remove(height)
        }
      }
      return LoadedState(ledger: beginning(genesis), proof: nil)
    } catch {
      throw .snapshots(error)
    }
  }

  private func replay(
    _ log: inout BlockLog<Storage>, _ restoration: inout Restoration, _ index: inout ChainIndex,
    _ votes: inout SegmentRounds, _ observe: (StartupEvent) -> Void
  ) throws {
    let total = log.recovery.records
    var count = 0
    var cursor = try log.records()
    while let record = try cursor.next() {
      let restored = try restoration.apply(kind: record.kind, payload: payload(of: record), at: record.position)
      votes.note(record.kind, payload: record.payload, in: record.address.segment)
      if let above = restored.base { index.begin(above: above) }
      if let block = restored.block, let part = restored.kind.part {
        index.note(part, of: block, height: restored.height, at: record.address)
      }
      commit(restored.final, to: &index)
      count += 1
      observe(.applied(restored, count: count, of: total))
    }
  }

  private func commit(_ blocks: [FinalBlock], to index: inout ChainIndex) {
    for block in blocks {
      let isIndexed = index.commit(block.digest, at: block.height)
      precondition(isIndexed, "block \(block.height) is final but not in the log")
    }
  }

  /// If the log does not reach up to the snapshot, records in the log that it continues above the snapshot, once the
  /// closings that lead there are in both folders.
  private func finish(
    _ log: inout BlockLog<Storage>, _ restoration: inout Restoration, _ index: inout ChainIndex,
    _ observe: (StartupEvent) -> Void, storeClosings: () throws(DiskError) -> Void
  ) throws {
    let end = restoration.finish()
    commit(end.final, to: &index)
    observe(.final(end.final))
    guard let proof = end.base else { return }
    do throws(DiskError) {
      try storeClosings()
    } catch {
      throw LogError.disk(error)
    }
    observe(.continued(above: proof.height))
    let base = PendingRecord(BaseEntry(proof, chain: genesis.chain), height: proof.height)
    let (position, _) = try log.append(base)
    _ = try log.sync()
    _ = try restoration.apply(kind: base.kind.rawValue, payload: base.payload, at: position)
    index.begin(above: proof.height)
  }
}

// MARK: Deliberate defects for tests

extension Startup {
  private var originOfNewLog: LogOrigin {
    if Mutation.voteAfterLoss.isOn { return .founded }
    return .joined
  }

  /// Checks whose log it is, and records held keys that it does not name: votes of such a key may exist elsewhere.
  private func requireOwn(
    _ restoration: inout Restoration, _ log: inout BlockLog<Storage>, _ holds: (VerificationItem) -> Bool
  ) throws {
    let unknown = restoration.hold(keys, writer: log.isNamed ? log.owner.writer : nil)
    if Mutation.forgetVotesOnRestart.isOn { return }
    try restoration.requireOwn(holds: holds)
    for key in unknown {
      let record = PendingRecord(OwnKey(key, votes: .lost))
      let (position, _) = try log.append(record)
      _ = try log.sync()
      _ = try restoration.apply(kind: record.kind.rawValue, payload: record.payload, at: position)
    }
  }

  private func payload(of record: LogRecord) -> [UInt8] {
    // Make an own vote look like another validator's.
    if Mutation.forgetVotesOnRestart.isOn, record.kind == Vote.entryKind.rawValue,
      var vote = try? Vote(payload: record.payload)
    {
      vote.signer = ValidatorIndex(UInt16(Limits.validators - 1))
      return vote.encoded()
    }
    return record.payload
  }
}

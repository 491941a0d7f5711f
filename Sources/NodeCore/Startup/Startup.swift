package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica

/// Opens a node's log, repairs what a crash may have left, and rebuilds the state from the log, beginning with the
/// newest snapshot.
package struct Startup<Storage: Disk> {
  private let genesis: Genesis
  private let own: ValidatorIndex
  private let options: LogOptions
  private let schedule: SnapshotSchedule

  /// - Parameter schedule: when the node makes snapshots.
  package init(
    genesis: Genesis, own: ValidatorIndex, options: LogOptions, schedule: SnapshotSchedule = .never
  ) {
    self.genesis = genesis
    self.own = own
    self.options = options
    self.schedule = schedule
  }

  /// The owner that this log must name.
  private var owner: LogOwner {
    LogOwner(chain: genesis.digest, writer: genesis.validators[Int(own.rawValue)].voteKey)
  }

  // MARK: Creating a log

  /// Creates the log of a validator that starts together with its chain, so that it may vote immediately.
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
    var log = try openOrCreate(storage, observe)
    let store = ClosingStore([storage, snapshots.storage], chain: genesis.chain)
    let found = try closings(in: store, holds)
    let known = found.book
    observe(.opened(log.recovery))
    if log.appended == .start { try beginAgain(&log, observe) }
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
      try requireOwn(&restoration, isNamed: log.isNamed, holds)
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
    _ storage: Storage, _ observe: (StartupEvent) -> Void
  ) throws(StartupError) -> BlockLog<Storage> {
    do throws(LogError) {
      return try BlockLog.open(storage, owner: owner, options: options)
    } catch {
      guard error == .noLog else { throw .log(error) }
    }
    guard genesis.validators.count > 1 else { throw .soleLogMissing }
    observe(.logMissing)
    do throws(LogError) {
      return try Self.create(storage, owner, options, originOfNewLog)
    } catch {
      throw .log(error)
    }
  }

  /// Handles a log without a first record, which was being created when the process ended. It is not known why it was
  /// created, so it is treated as one that replaces another.
  private func beginAgain(
    _ log: inout BlockLog<Storage>, _ observe: (StartupEvent) -> Void
  ) throws(StartupError) {
    guard genesis.validators.count > 1 else { throw .soleLogMissing }
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

  private func requireOwn(
    _ restoration: inout Restoration, isNamed: Bool, _ holds: (VerificationItem) -> Bool
  ) throws(RestorationError) {
    if Mutation.forgetVotesOnRestart.isOn { return }
    try restoration.requireOwn(by: genesis.validatorSet.voteKey(of: own), isNamed: isNamed, holds: holds)
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

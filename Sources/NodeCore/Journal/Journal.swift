package import BlockLog
internal import Ledger
package import Primitives
internal import Replica

/// The writer of a node's log: appends the records that the replica hands over, syncs many of them in one go, keeps the
/// chain index up to date, and prunes and repairs the log.
///
/// The caller hands over all waiting commands as one batch: `write`, then `settle`. Awaited records, above all own
/// votes, are synced with their batch; others are synced with the next awaited ones, when they are many, or by `rest`
/// after a pause. An error that is thrown is permanent: nothing more can be written.
package struct Journal<Storage: Disk>: ~Copyable {
  /// How many microseconds a record that nothing waits for may remain unsynced.
  package static var pause: UInt64 { 50_000 }
  /// How many such records, and bytes of them, lead to a sync although more commands keep coming.
  package static var unsyncedRecords: Int { 1024 }
  package static var unsyncedBytes: Int { 8 << 20 }

  private var holdings: PrunableLog<Storage>
  /// Whether records were written that are not synced yet.
  package private(set) var isUnsynced = false
  private var isPrepared = false
  private var unsynced = (records: 0, bytes: 0)

  package init(_ holdings: consuming PrunableLog<Storage>) { self.holdings = holdings }

  /// Whether `rest` has work to do after a pause without commands.
  package var isRestless: Bool { isUnsynced || !isPrepared }

  package var appended: LogPosition { holdings.log.appended }
  package var statistics: LogStatistics { holdings.log.statistics }
  /// The numbers of the first segment and of the active one.
  package var extent: ClosedRange<UInt32> { holdings.log.extent }
  package var segments: [LogSegment] { holdings.log.segmentList }
  /// Whether the log says that own votes may be lost, so that the next start listens.
  package var areVotesLost: Bool { holdings.areVotesLost }

  package func read(_ address: RecordAddress) throws(LogError) -> LogRecord { try holdings.log.read(address) }

  // MARK: Writing

  /// Appends a batch and notes the addresses of its records. Returns whether something waits for it to be durable; if
  /// so, `settle` is due immediately.
  package mutating func write(
    _ batch: some Sequence<JournalCommand>, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) -> Bool {
    var isAwaited = false
    var commits: [Commit] = []
    isPrepared = false
    for command in batch {
      switch command {
      case .append(let records):
        for record in records {
          // The chain continues above a snapshot, so blocks that became final before are committed first, and the
          // closings that lead to its epoch are stored.
          if record.kind == .base {
            try commit(&commits, index, &events)
            try storeClosings()
          }
          try append(record, index)
          isAwaited = isAwaited || record.kind.isAwaited
        }
      case .keep(let closings):
        index.update { index in for closing in closings { index.note(closing) } }
        holdings.note(closings)
      case .commit(let more): commits.append(contentsOf: more)
      case .barrier: isAwaited = true
      case .retire, .prune, .repair: break
      }
    }
    try commit(&commits, index, &events)
    do throws(DiskError) {
      try holdings.storeNewClosings()
    } catch {
      events.append(.closingUnstored(error))
    }
    isUnsynced = true
    isAwaited = isAwaited || unsynced.records >= Self.unsyncedRecords || unsynced.bytes >= Self.unsyncedBytes
    if Mutation.durableBeforeSync.isOn { events.append(.durable(holdings.log.appended)) }
    return isAwaited
  }

  private mutating func append(_ record: PendingRecord, _ index: some ChainIndexHolder) throws(LogError) {
    if Mutation.dropBlocks.isOn, record.kind == .block {
      _ = try holdings.log.append(PendingRecord(VoidMeaning.harmless))
      return
    }
    let (_, address) = try holdings.log.append(record)
    unsynced.records += 1
    unsynced.bytes += record.payload.count
    holdings.note(record, in: address.segment)
    if record.kind == .base {
      index.update { $0.begin(above: record.height) }
    } else if let block = record.block, let part = record.kind.part {
      index.update { $0.note(part, of: block, height: record.height, at: address) }
    }
  }

  private mutating func storeClosings() throws(LogError) {
    do throws(DiskError) {
      try holdings.storeClosings()
    } catch {
      throw .disk(error)
    }
  }

  /// Notes which blocks became final, and reports them.
  private mutating func commit(
    _ commits: inout [Commit], _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) {
    guard !commits.isEmpty else { return }
    // Write first: anyone who sees the new height may read it immediately.
    try holdings.log.flush()
    for commit in commits {
      holdings.note(commit)
      let isStored = index.update { index in
        if let closing = commit.closing { index.note(closing) }
        return index.commit(commit.block.digest, at: commit.height)
      }
      if Mutation.dropBlocks.isOn, !isStored { continue }
      precondition(isStored, "block \(commit.height) became final before it was in the log")
    }
    events.append(.stored(commits))
    commits = []
  }

  /// Syncs what was written, and then does the work of the batch that requires it to be durable.
  package mutating func settle(
    _ batch: some Sequence<JournalCommand>, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) {
    try sync(&events)
    try carryOut(batch, index, &events)
  }

  /// Does the work of a batch that need not be durable.
  package mutating func carryOut(
    _ batch: some Sequence<JournalCommand>, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) {
    for command in batch {
      switch command {
      case .append, .commit, .keep: break
      case .barrier(let height): events.append(reach(height))
      case .retire(let height): retire(through: height, index, &events)
      case .prune(let retired): prune(retired, index, &events)
      case .repair(let stretch, let heights, let records):
        try repair(stretch, heights, records, index, &events)
      }
    }
  }

  /// Stores the closings: the snapshot takes the place of older ones, and is of no use without those that lead to it.
  private mutating func reach(_ height: Height) -> JournalEvent {
    do throws(DiskError) {
      try holdings.storeClosings()
      return .reached(height)
    } catch {
      return .unreached(height, error)
    }
  }

  private mutating func sync(_ events: inout [JournalEvent]) throws(LogError) {
    events.append(.durable(try holdings.log.sync()))
    isUnsynced = false
    unsynced = (0, 0)
  }

  /// After a pause without commands: syncs what is unsynced, or else does one step of preparing the next segment, so
  /// that appending seldom waits for a new file.
  package mutating func rest(_ events: inout [JournalEvent]) throws(LogError) {
    if isUnsynced { return try sync(&events) }
    do throws(LogError) {
      isPrepared = try !holdings.log.prepareNext()
    } catch {
      // No harm is done yet: the active segment has room, and the next record leads to another try.
      isPrepared = true
      events.append(.unprepared(error))
    }
  }

  /// Writes everything that remains and marks the log as closed.
  package mutating func close() throws(LogError) { try holdings.log.close() }
}

// MARK: Pruning and repairing

extension Journal {
  private func retire(through height: Height, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]) {
    guard let leaving = holdings.leaving(above: height, index.update { $0 }) else { return }
    events.append(
      .retiring(RetiredSegments(segments: leaving.segments, firstKept: leaving.firstKept, height: height)))
  }

  private mutating func prune(
    _ retired: RetiredSegments, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) {
    do throws(LogError) {
      try holdings.prune(before: retired.firstKept, through: retired.height)
    } catch {
      // The segments remain, and the next snapshot leads to another try.
      return events.append(.pruneFailed(error))
    }
    index.update { $0.prune(through: retired.height, before: retired.firstKept) }
    events.append(.pruned(retired))
  }

  private mutating func repair(
    _ stretch: DamagedStretch, _ heights: [Height], _ records: [FinalRecord], _ index: some ChainIndexHolder,
    _ events: inout [JournalEvent]
  ) throws(LogError) {
    let isOrigin =
      stretch.isFirst && stretch.count == 1
      && stretch.header.map { $0.kind == LogOrigin.entryKind.rawValue } ?? true
    let isVote = stretch.loss.map { $0 == .ownVote } ?? !isOrigin
    let isBar = stretch.header.map { $0.kind == VotingBar.entryKind.rawValue } ?? !isOrigin
    // If the stretch said that votes had been lost earlier, the repair must say so again; and without a bar that still
    // matters, the next start must listen.
    let isHarmless =
      !holdings.areVotesLost && !(isVote && holdings.hasOpenVotes(in: stretch.segment.number))
      && !(isBar && holdings.isBarOpen)
    let current = index.update { $0 }
    let replacements = records.flatMap { current.replacements(of: $0, in: stretch) }
    do throws(LogError) {
      let count = try RepairPlan.repair(
        RepairPlan.Patch(stretch: stretch, heights: heights, meaning: isHarmless ? .harmless : .votesLost),
        with: replacements, origin: isOrigin && isHarmless ? holdings.origin : nil
      ) { (stretch, records, void) throws(LogError) in
        try holdings.log.repair(stretch, with: records, void: void)
      }
      if !isHarmless { holdings.noteLostVotes() }
      try find(stretch, index)
      events.append(.repaired(stretch, records: count, isHarmless ? .harmless : .votesLost))
    } catch {
      events.append(.repairFailed(stretch, error))
      if case .disk = error, holdings.log.hasFailed { throw error }
    }
  }

  /// Notes the addresses of the records that were put back, which may differ from those before.
  private mutating func find(_ stretch: DamagedStretch, _ index: some ChainIndexHolder) throws(LogError) {
    var cursor = try holdings.log.records(from: stretch.first)
    var left = stretch.count ?? 0
    while left > 0, let record = try cursor.next() {
      left -= 1
      guard let part = LogEntryKind(rawValue: record.kind)?.part else { continue }
      index.update { $0.move(part, at: record.height, to: record.address) }
    }
  }
}

package import BlockLog
internal import Ledger
package import Primitives
internal import Replica

/// A node's log as its writer drives it: it appends what the replica hands over, syncs many records at once, keeps the
/// chain index, and removes or repairs what is to be removed or repaired.
///
/// Whoever drives it hands over everything that waits as one batch: `write`, then `settle`. Records that somebody waits
/// for, own votes above all, are synced with their batch; the others with the next of those, or by `rest` after a
/// pause. What throws has failed for good: nothing more can be written.
package struct Journal<Storage: Disk>: ~Copyable {
  /// Microseconds for which records that nobody waits for may stay unsynced.
  package static var pause: UInt64 { 50_000 }

  private var holdings: PrunableLog<Storage>
  /// Whether records were written that no sync covers yet.
  package private(set) var isUnsynced = false
  private var isPrepared = false

  package init(_ holdings: consuming PrunableLog<Storage>) { self.holdings = holdings }

  /// Whether `rest` has something to do after a pause without commands.
  package var isRestless: Bool { isUnsynced || !isPrepared }

  package var appended: LogPosition { holdings.log.appended }
  package var statistics: LogStatistics { holdings.log.statistics }
  /// The first and last segment's number.
  package var extent: ClosedRange<UInt32> { holdings.log.extent }
  package var segments: [LogSegment] { holdings.log.segmentList }

  package func read(_ address: RecordAddress) throws(LogError) -> LogRecord { try holdings.log.read(address) }

  // MARK: Writing

  /// Appends a batch and notes where its records lie. Returns whether somebody waits for it to be durable: then
  /// `settle` is due at once.
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
          // The chain goes on above a snapshot: what became final before is committed below it.
          if record.kind == .base { try commit(&commits, index, &events) }
          try append(record, index)
          isAwaited = isAwaited || record.kind.isAwaited
        }
      case .commit(let more): commits.append(contentsOf: more)
      case .barrier: isAwaited = true
      case .retire, .prune, .repair: break
      }
    }
    try commit(&commits, index, &events)
    isUnsynced = true
    if Mutation.durableBeforeSync.isOn { events.append(.durable(holdings.log.appended)) }
    return isAwaited
  }

  private mutating func append(_ record: PendingRecord, _ index: some ChainIndexHolder) throws(LogError) {
    if Mutation.dropBlocks.isOn, record.kind == .block {
      _ = try holdings.log.append(PendingRecord(VoidMeaning.harmless))
      return
    }
    let (_, address) = try holdings.log.append(record)
    holdings.note(record, in: address.segment)
    if record.kind == .base {
      index.update { $0.begin(above: record.height) }
    } else if let block = record.block, let part = record.kind.part {
      index.update { $0.note(part, of: block, height: record.height, at: address) }
    }
  }

  /// Notes what became final, and says so.
  private mutating func commit(
    _ commits: inout [Commit], _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) {
    guard !commits.isEmpty else { return }
    // Written first: whoever sees the new height may read it at once.
    try holdings.log.flush()
    for commit in commits {
      holdings.note(commit)
      let isStored = index.update { $0.commit(commit.block.digest, at: commit.height) }
      if Mutation.dropBlocks.isOn, !isStored { continue }
      precondition(isStored, "block \(commit.height) became final before it was in the log")
    }
    events.append(.stored(commits))
    commits = []
  }

  /// Syncs what was written, and does the work of the batch that wants it on disk.
  package mutating func settle(
    _ batch: some Sequence<JournalCommand>, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) {
    try sync(&events)
    try carryOut(batch, index, &events)
  }

  /// Does the work of a batch for which nobody waits to be on disk.
  package mutating func carryOut(
    _ batch: some Sequence<JournalCommand>, _ index: some ChainIndexHolder, _ events: inout [JournalEvent]
  ) throws(LogError) {
    for command in batch {
      switch command {
      case .append, .commit: break
      case .barrier(let height): events.append(.reached(height))
      case .retire(let height): retire(through: height, index, &events)
      case .prune(let retired): prune(retired, index, &events)
      case .repair(let stretch, let heights, let records):
        try repair(stretch, heights, records, index, &events)
      }
    }
  }

  private mutating func sync(_ events: inout [JournalEvent]) throws(LogError) {
    events.append(.durable(try holdings.log.sync()))
    isUnsynced = false
  }

  /// After a pause without commands: syncs what is not, or else takes a step to prepare the next segment, so that appending
  /// seldom waits for a new file.
  package mutating func rest(_ events: inout [JournalEvent]) throws(LogError) {
    if isUnsynced { return try sync(&events) }
    do throws(LogError) {
      isPrepared = try !holdings.log.prepareNext()
    } catch {
      // No harm yet: the segment in use has room, and there is another try after the next record.
      isPrepared = true
      events.append(.unprepared(error))
    }
  }

  /// Writes what is left and marks the log as closed.
  package mutating func close() throws(LogError) { try holdings.log.close() }
}

// MARK: Removing and repairing

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
      // The segments stay, and the next snapshot tries again.
      return events.append(.pruneFailed(error))
    }
    index.update { $0.prune(through: retired.height) }
    events.append(.pruned(retired))
  }

  private mutating func repair(
    _ stretch: DamagedStretch, _ heights: [Height], _ records: [FinalRecord], _ index: some ChainIndexHolder,
    _ events: inout [JournalEvent]
  ) throws(LogError) {
    let isVote = stretch.loss.map { $0 == .ownVote } ?? true
    // What the stretch said of votes that were lost earlier must be said again.
    let isHarmless = !holdings.areVotesLost && !(isVote && holdings.hasOpenVotes(in: stretch.segment.number))
    let current = index.update { $0 }
    let replacements = records.flatMap { current.replacements(of: $0, in: stretch) }
    do throws(LogError) {
      let count = try RepairPlan.repair(
        RepairPlan.Patch(stretch: stretch, heights: heights, meaning: isHarmless ? .harmless : .votesLost),
        with: replacements
      ) { (stretch, records, void) throws(LogError) in
        try holdings.log.repair(stretch, with: records, void: void)
      }
      try find(stretch, index)
      events.append(.repaired(stretch, records: count))
    } catch {
      events.append(.repairFailed(stretch, error))
      if case .disk = error, holdings.log.hasFailed { throw error }
    }
  }

  /// What was written back may lie elsewhere in the stretch than it did.
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

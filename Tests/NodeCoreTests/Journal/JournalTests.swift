import BlockLog
import Ledger
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

/// The writer of a log, on a disk in memory: the test hands over batches and compares what it says.
@Testing.Suite("The journal")
struct JournalTests {
  private final class Index: ChainIndexHolder {
    var index = ChainIndex()
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
  }

  private let disk = MemoryDisk()
  private let index = Index()
  private let chain: ChainContext
  private let owner: LogOwner
  private let records: [PendingRecord]
  private let commits: [Commit]

  /// What a node wrote that committed two blocks.
  init() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    try harness.finalize(try harness.chain(2))
    chain = harness.population.chain
    owner = .anyone(of: chain.genesis)
    records = harness.log
    commits = harness.commits
  }

  private func journal(areVotesLost: Bool = false) throws -> Journal<MemoryDisk> {
    Journal(
      PrunableLog(
        log: try BlockLog.create(disk, owner: owner, options: CoreHarness.logOptions), book: SegmentRounds(),
        base: LogBase(height: .genesis, origin: .founded, votingBar: nil, areVotesLost: areVotesLost), closed: .genesis,
        closings: ClosingStore([disk], chain: chain)))
  }

  private func heights(_ events: [JournalEvent]) -> [UInt64] {
    events.flatMap { event -> [UInt64] in
      if case .stored(let commits) = event { commits.map(\.height.rawValue) } else { [] }
    }
  }

  private func durable(_ events: [JournalEvent]) -> [UInt64] {
    events.compactMap { event -> UInt64? in
      if case .durable(let position) = event { position.rawValue } else { nil }
    }
  }

  @Test("Records that nothing waits for are synced when they are many, even if there is never a pause")
  func manyUnawaited() throws {
    let record = try #require(records.first { !$0.kind.isAwaited && $0.block == nil })
    var journal = try journal()
    var events: [JournalEvent] = []
    for count in 1...3000 {
      guard try journal.write([.append([record])], index, &events) else { continue }
      #expect(count == 1024 || count == 2048)
      try journal.settle([JournalCommand](), index, &events)
    }
    #expect(durable(events) == [1024, 2048])
  }

  @Test("A batch with an own vote is synced immediately, and reported durable only after the sync")
  func awaited() throws {
    #expect(commits.count == 2)
    var journal = try journal()
    var events: [JournalEvent] = []
    let batch: [JournalCommand] = [.append(records), .commit(commits)]
    let syncs = disk.syncs
    let isAwaited = try journal.write(batch, index, &events)
    #expect(isAwaited)
    #expect(heights(events) == [1, 2])
    #expect(durable(events).isEmpty)
    #expect(disk.syncs == syncs)
    events = []
    try journal.settle(batch, index, &events)
    #expect(durable(events) == [UInt64(records.count)])
    #expect(disk.syncs > syncs)
    #expect(index.index.height == Height(2))
  }

  @Test("Records that nothing waits for are synced by the next rest, and the one after prepares the next segment")
  func unawaited() throws {
    var journal = try journal()
    var events: [JournalEvent] = []
    let quiet = records.filter { !$0.kind.isAwaited }
    #expect(!quiet.isEmpty)
    let isAwaited = try journal.write([.append(quiet)], index, &events)
    #expect(!isAwaited)
    let before = journal.isUnsynced
    #expect(before)
    try journal.rest(&events)
    #expect(durable(events) == [UInt64(quiet.count)])
    let isUnsynced = journal.isUnsynced
    #expect(!isUnsynced)
    for _ in 0..<10 where journal.isRestless { try journal.rest(&events) }
    let isRestless = journal.isRestless
    #expect(!isRestless)
    #expect(durable(events).count == 1)
  }

  @Test(
    "S4: blocks that became final before a snapshot took their place are committed first, in one batch with it, too")
  func commitsBeforeBase() throws {
    var journal = try journal()
    var events: [JournalEvent] = []
    let base = PendingRecord(BaseEntry(payload: [0]), height: Height(10))
    let batch: [JournalCommand] = [.append(records), .commit(commits), .append([base])]
    let isAwaited = try journal.write(batch, index, &events)
    #expect(isAwaited)
    #expect(heights(events) == [1, 2])
    #expect(index.index.base == Height(10))
    #expect(index.index.height == Height(10))
  }

  @Test("A barrier is reached when everything before it is on disk")
  func barrier() throws {
    var journal = try journal()
    var events: [JournalEvent] = []
    let batch: [JournalCommand] = [.append(records.filter { !$0.kind.isAwaited }), .barrier(Height(2))]
    let isAwaited = try journal.write(batch, index, &events)
    #expect(isAwaited)
    #expect(!events.contains { if case .reached = $0 { true } else { false } })
    try journal.settle(batch, index, &events)
    guard case .reached(Height(2))? = events.last else { return #expect(Bool(false), "\(events)") }
    let isUnsynced = journal.isUnsynced
    #expect(!isUnsynced)
  }

  @Test("A disk that fails ends the journal with the reason, and nothing more is reported durable")
  func failing() throws {
    var journal = try journal()
    var events: [JournalEvent] = []
    disk.failingSyncs = 1
    let batch: [JournalCommand] = [.append(records)]
    _ = try journal.write(batch, index, &events)
    var refusal: LogError?
    do throws(LogError) {
      try journal.settle(batch, index, &events)
    } catch {
      refusal = error
    }
    guard case .disk? = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
    #expect(durable(events).isEmpty)
  }

  /// What stands in the place of the log's first record, after the record was damaged and the running log was repaired
  /// `times` in turn.
  private func meaning(
    ofLost record: PendingRecord, before more: [PendingRecord] = [], areVotesLost: Bool = false, times: Int = 1
  ) throws -> VoidMeaning {
    var journal = try journal(areVotesLost: areVotesLost)
    var events: [JournalEvent] = []
    let filling = (0..<20).flatMap { _ in records }
    _ = try journal.write([.append([record] + more + filling)], index, &events)
    try journal.settle([], index, &events)
    let segments = journal.segments
    let sealed = try #require(segments.first)
    try #require(sealed.isSealed)
    var meaning: VoidMeaning?
    for round in 0..<times {
      let kind = round == 0 ? record.kind : .void
      let stretch = try #require(try damageFirst(kind, LogScrub(disk, owner: owner), segments, sealed.file))
      try journal.settle([.repair(stretch, heights: [], with: [])], index, &events)
      let void = try journal.read(RecordAddress(segment: sealed.number, offset: UInt32(stretch.offset)))
      meaning = try VoidMeaning(payload: void.payload)
    }
    return try #require(meaning)
  }

  @Test("D2: a running log restores its own first record, so the next start does not listen", arguments: [3, 40])
  func damagedOrigin(byte: Int) throws {
    var journal = try journal()
    var events: [JournalEvent] = []
    _ = try journal.write([.append((0..<20).flatMap { _ in records })], index, &events)
    try journal.settle([], index, &events)
    let first = try #require(journal.segments.first)
    let before = try #require(disk.contents(of: first.file))
    disk.flipBit(of: first.file, at: 4096 + byte, bit: 0)
    var scrub = LogScrub(disk, owner: owner)
    let stretch = try #require(try scrub.step(bytes: before.count, over: journal.segments).found.first)
    #expect(stretch.isFirst && stretch.count == 1)
    try journal.settle([.repair(stretch, heights: [], with: [])], index, &events)
    #expect(disk.contents(of: first.file) == before)
    let areVotesLost = journal.areVotesLost
    #expect(!areVotesLost)
  }

  /// Damages the first record of a segment, byte by byte until only its payload is bad, and finds the damage.
  private func damageFirst(
    _ kind: LogEntryKind, _ scrub: LogScrub<MemoryDisk>, _ segments: [LogSegment], _ file: String
  ) throws -> DamagedStretch? {
    let contents = try #require(disk.contents(of: file))
    for offset in 0..<contents.count {
      disk.replaceContents(of: file, with: contents)
      disk.flipBit(of: file, at: offset, bit: 0)
      var scrub = scrub
      let found = try scrub.step(bytes: contents.count, over: segments).found
      if let stretch = found.first, stretch.header?.kind == kind.rawValue { return stretch }
    }
    return nil
  }

  @Test(
    "C7: a damaged record of lost votes is replaced by one that says the same, until a bar makes it obsolete",
    arguments: [false, true])
  func lostVotesStayLost(thenBar: Bool) throws {
    let bar = thenBar ? [PendingRecord(VotingBar(Round(epoch: .first, view: View(9))))] : []
    let meaning = try meaning(ofLost: PendingRecord(VoidMeaning.votesLost), before: bar, areVotesLost: true)
    #expect(meaning == (thenBar ? .harmless : .votesLost))
  }

  @Test("C7: damage to what replaced an own vote does not hide that the vote was lost", arguments: 1...3)
  func lostTwice(times: Int) throws {
    let vote = try #require(records.first { $0.kind == .vote })
    let meaning = try meaning(ofLost: vote, times: times)
    #expect(meaning == .votesLost)
  }

  @Test("C7: a node that lost its voting bar before a view above it was final listens at its next start")
  func lostBar() throws {
    let meaning = try meaning(ofLost: PendingRecord(VotingBar(Round(epoch: .first, view: View(9)))))
    #expect(meaning == .votesLost)
  }
}

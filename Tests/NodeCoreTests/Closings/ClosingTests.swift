import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

/// What a node keeps of the epochs that have ended, and what it gives to others. The log has an ordinary block, one that ends
/// epoch 0, and two of epoch 1.
@Testing.Suite("Closings in the log's folder")
struct ClosingTests {
  private static let file = "000000.closing"

  private let harness: ReplicaHarness
  private let blocks: [Block]
  private let closing: Closing

  init() throws {
    harness = try ReplicaHarness(validators: 7, own: 0)
    let first = harness.block([try harness.transaction()])
    let point = try harness.points([first])[0]
    let last = harness.block([try harness.change(of: point, timeout: 300)], on: point)
    let end = try harness.points([first, last])[1]
    let third = harness.block([try harness.transaction()], on: end)
    let above = try harness.points([first, last, third])[2]
    let fourth = harness.block([try harness.transaction()], on: above)
    let (harness, blocks) = (harness, [first, last, third, fourth])
    self.blocks = blocks
    let points = try harness.points(blocks)
    try harness.finalize([first])
    func finalize(_ number: Int, view: UInt64) throws {
      try harness.propose(blocks[number], view: view, parent: view - 1)
      try harness.certify(blocks[number], view: view, parent: view - 1)
      let finalization = try harness.finalization(blocks[number], points[number], view: view, parent: view - 1)
      harness.receive(.certificate(finalization), from: 1)
    }
    try finalize(1, view: 2)
    harness.epoch = Epoch(1)
    try finalize(2, view: 1)
    try finalize(3, view: 2)
    closing = try #require(harness.commits.compactMap(\.closing).first)
  }

  private var chain: ChainContext { harness.population.chain }

  private func store(_ disk: MemoryDisk) -> ClosingStore<MemoryDisk> { ClosingStore([disk], chain: chain) }

  private func load(_ disk: MemoryDisk) throws -> ClosingStore<MemoryDisk>.Found {
    try store(disk).load(harness.population.genesis) { harness.ring.holds($0) }
  }

  private struct Opened: ~Copyable {
    var journal: Journal<MemoryDisk>
    var index: ChainIndex
    var closings: ClosingBook
  }

  private func open(_ disk: MemoryDisk) throws -> Opened {
    try CoreHarness.open(
      disk, genesis: harness.population.genesis, own: harness.own, holds: { harness.ring.holds($0) }
    ).use { journal, restoration, index in Opened(journal: journal, index: index, closings: restoration.closings) }
  }

  private final class Index: ChainIndexHolder {
    var index: ChainIndex
    init(_ index: ChainIndex) { self.index = index }
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
  }

  @Test("R41: the closing of an epoch is in a file as soon as its block is committed, and is read back")
  func kept() throws {
    #expect(try harness.disk.list().contains(Self.file))
    #expect(try load(harness.disk).book.all == [closing])
    #expect(try Closing(bytes: closing.bytes) == closing)
  }

  @Test("R41: a crash at any call of the disk leaves the closing that was there, the new one, or none")
  func crashes() throws {
    for isThere in [false, true] {
      for calls in 0..<40 {
        let disk = MemoryDisk()
        if isThere { try store(disk).store(closing) }
        disk.operationsLeft = calls
        _ = try? store(disk).store(closing)
        disk.operationsLeft = nil
        var generator = SeededGenerator(seed: UInt64(calls))
        disk.crash(.nothing, using: &generator)
        let found = try load(disk).book
        #expect(found.all == [closing] || (!isThere && found.all.isEmpty), "\(calls)")
        try store(disk).store(closing)
        #expect(try load(disk).book.all == [closing], "\(calls)")
      }
    }
  }

  @Test("D2: a file of a closing with any byte changed counts as missing, and so does that of another epoch or chain")
  func damaged() throws {
    let disk = MemoryDisk()
    try store(disk).store(closing)
    let bytes = try #require(disk.contents(of: Self.file))
    for place in bytes.indices {
      disk.flipBit(of: Self.file, at: place, bit: place % 8)
      #expect(try load(disk).book.all.isEmpty, "\(place)")
      disk.flipBit(of: Self.file, at: place, bit: place % 8)
    }
    disk.replaceContents(of: Self.file, with: Array(bytes.dropLast()))
    #expect(try load(disk).book.all.isEmpty)
    disk.replaceContents(of: Self.file, with: bytes)
    try disk.rename(Self.file, to: "000001.closing")
    #expect(try load(disk).book.all.isEmpty)
    try disk.rename("000001.closing", to: "0.closing")
    #expect(try load(disk).book.all.isEmpty)
  }

  @Test("R41: a closing that is in one folder only is found, and written again in the other")
  func twice() throws {
    let (first, second) = (MemoryDisk(), MemoryDisk())
    let both = ClosingStore([first, second], chain: chain)
    try store(second).store(closing)
    let found = try both.load(harness.population.genesis) { harness.ring.holds($0) }
    #expect(found.book.all == [closing] && found.incomplete == [closing])
    try both.store(closing)
    #expect(try both.load(harness.population.genesis) { harness.ring.holds($0) }.incomplete.isEmpty)
    #expect(try load(first).book.all == [closing])
  }

  @Test("V7: a closing that genesis' validators did not sign counts as missing, and does not hide a sound one")
  func forged() throws {
    let (first, second) = (MemoryDisk(), MemoryDisk())
    var forged = closing
    forged.configuration.leaderTimeoutMilliseconds += 1
    try store(first).store(forged)
    #expect(try load(first).book.all.isEmpty)
    forged = closing
    forged.certificate.signatures.swapAt(0, 1)
    try store(first).store(forged)
    #expect(try load(first).book.all.isEmpty)
    try store(second).store(closing)
    let both = ClosingStore([first, second], chain: chain)
    let found = try both.load(harness.population.genesis) { harness.ring.holds($0) }
    #expect(found.book.all == [closing] && found.incomplete == [closing])
    // What follows a gap is not known.
    let third = MemoryDisk()
    try store(third).store(closing)
    try third.rename(Self.file, to: "000001.closing")
    #expect(try load(third).book.all.isEmpty)
  }

  @Test("R41: a closing whose file is lost or damaged is written again from the log", arguments: [false, true])
  func writtenAgain(isLost: Bool) throws {
    let disk = harness.disk.copy()
    if isLost { try disk.remove(Self.file) } else { disk.flipBit(of: Self.file, at: 80, bit: 3) }
    #expect(try load(disk).book.all.isEmpty)
    var opened = try open(disk)
    let (known, index) = (opened.closings.all, opened.index)
    #expect(known == [closing] && index.closings.all == [closing])
    var events: [JournalEvent] = []
    _ = try opened.journal.write([JournalCommand](), Index(index), &events)
    #expect(try load(disk).book.all == [closing])
  }

  @Test(
    "R41: while the disk refuses the file, that is said, and no part of the log is pruned that is needed to write it")
  func refused() throws {
    let owner = CoreHarness.owner(harness.population.genesis, harness.own)
    let disk = MemoryDisk()
    let log = try BlockLog.create(
      disk, owner: owner,
      options: LogOptions(firstSegmentBytes: 8 << 10, segmentBytes: 8 << 10, salt: 1, batchBytes: 4 << 10))
    var journal = Journal(
      PrunableLog(
        log: log, book: SegmentRounds(), base: LogBase(height: .genesis, origin: .founded, votingBar: nil),
        closed: .genesis, closings: store(disk)))
    let index = Index(ChainIndex())
    var events: [JournalEvent] = []
    // The last block is in a later segment than the one that ended the epoch.
    let last = try #require(harness.log.firstIndex { $0.kind == .block && $0.block == blocks[3].digest })
    let filler = Array(repeating: harness.log[last - 1], count: 60)
    _ = try journal.write([.append(harness.log[..<last] + filler + harness.log[last...])], index, &events)
    try journal.settle([JournalCommand](), index, &events)
    let segments = journal.segments
    #expect(segments.count > 1 && segments[0].isSealed)

    disk.capacity = 0
    events = []
    _ = try journal.write([.commit(harness.commits)], index, &events)
    #expect(events.contains { if case .closingUnstored = $0 { true } else { false } })
    try journal.carryOut([.retire(through: Height(3))], index, &events)
    let found = events.compactMap { event -> RetiredSegments? in
      if case .retiring(let retired) = event { retired } else { nil }
    }
    let retired = try #require(found.first)
    try journal.carryOut([.prune(retired)], index, &events)
    #expect(events.contains { if case .pruneFailed = $0 { true } else { false } })
    #expect(try load(disk).book.all.isEmpty && index.index.base == .genesis)

    disk.capacity = .max
    events = []
    try journal.carryOut([.prune(retired)], index, &events)
    #expect(events.contains { if case .pruned = $0 { true } else { false } })
    #expect(try load(disk).book.all == [closing])
  }

  @Test("R36: what proves a block ends with its epoch, and ranges do not cross one")
  func ranges() throws {
    let opened = try open(harness.disk.copy())
    let index = opened.index
    func range(_ from: UInt64, _ index: ChainIndex) throws -> BlockRange? {
      try RangeAssembly.range(from: Height(from), index: index) { (address) throws(LogError) in
        try opened.journal.read(address).payload
      }
    }
    func proof(_ height: UInt64, _ index: ChainIndex) throws -> CertifiedBlock? {
      try ProofAssembly.proof(of: Height(height), index: index, chain: chain) { (address) throws(LogError) in
        try opened.journal.read(address).payload
      }
    }
    for (from, count) in [(UInt64(1), 2), (2, 1), (3, 2), (4, 1)] {
      let found = try #require(try range(from, index))
      #expect(found.blocks == blocks[(Int(from) - 1)...].prefix(count).map(\.bytes))
      #expect(found.finalization.statement.epoch == (from < 3 ? .first : Epoch(1)))
    }
    let genesis = harness.population.genesis
    for height in UInt64(1)...4 {
      let found = try #require(try proof(height, index))
      #expect(found.certificate.statement.epoch == (height < 3 ? .first : Epoch(1)))
      #expect(found.height == Height(height))
    }
    #expect(index.closings.validators(of: Epoch(1), genesis)?.epoch == Epoch(1))
    #expect(index.closings.validators(of: Epoch(2), genesis) == nil)
    // Without the closing nothing shows where the epoch ends, and what would cross it is not given.
    var lost = ChainIndex()
    for number in 1...4 {
      let (block, height) = (blocks[number - 1].digest, Height(UInt64(number)))
      let entry = try #require(index[height])
      lost.note(.block, of: block, height: height, at: entry.block)
      lost.note(.execution, of: block, height: height, at: entry.execution)
      if number == 4, let address = entry.finalization {
        lost.note(.finalization, of: block, height: height, at: address)
      }
      let isCommitted = lost.commit(block, at: height)
      #expect(isCommitted)
    }
    #expect(try proof(1, lost) == nil && range(1, lost) == nil)
  }

  @Test(
    "R41: a snapshot of a later epoch needs the closings; without them it stays, and the log is replayed from the start"
  )
  func snapshot() throws {
    let genesis = harness.population.genesis
    let snapshots = SnapshotStore(MemoryDisk(), chain: chain)
    var state = LedgerState(genesis: genesis)
    for block in blocks.prefix(3) { _ = try state.execute(block) }
    state.settle(upTo: Height(3))
    let bound = state.pinnedRowBound
    state.pin()
    var writer = try SnapshotWriter(snapshots, height: Height(3), bound: bound)
    var cursor = PinnedCursor()
    var isMore = true
    while isMore {
      var batch = StateEntryBatch()
      isMore = state.copyPinned(&cursor, rows: 64, into: &batch)
      try writer.add(batch)
    }
    let commit = harness.commits[2]
    _ = try writer.finish(
      proof: CertifiedBlock(
        header: commit.block.header, result: commit.execution.result, descendants: [],
        certificate: try #require(commit.finalization)))
    func start(_ disk: MemoryDisk) throws -> (loaded: Height?, height: Height) {
      var loaded: Height?
      let opened = try Startup(
        genesis: genesis, keys: HeldKeys(genesis.validators[Int(harness.own.rawValue)].voteKey),
        options: CoreHarness.logOptions
      ).open(
        disk, snapshots: snapshots,
        load: { (stored, validators) throws(SnapshotFault) in
          #expect(validators.epoch == Epoch(1))
          var chunks = StoredChunks(stored, suite: genesis.suite)
          return try SnapshotLoading.load(stored.manifest, genesis: genesis, from: &chunks)
        }, holds: { harness.ring.holds($0) },
        observe: { if case .snapshotLoaded(let height) = $0 { loaded = height } })
      return opened.use { journal, restoration, _ in
        _ = consume journal
        return (loaded, restoration.committed.height)
      }
    }
    let whole = try start(harness.disk.copy())
    #expect(whole == (Height(3), Height(4)))
    let disk = harness.disk.copy()
    try disk.remove(Self.file)
    let replayed = try start(disk)
    #expect(replayed == (nil, Height(4)))
    #expect(try snapshots.heights() == [Height(3)])
    // A log that begins above the snapshot cannot do without.
    let empty = MemoryDisk()
    let error = #expect(throws: StartupError.self) {
      var log = try BlockLog.create(
        empty, owner: CoreHarness.owner(genesis, harness.own),
        options: LogOptions(firstSegmentBytes: 8 << 10, segmentBytes: 8 << 10, salt: 1, batchBytes: 4 << 10))
      for record in harness.log + Array(repeating: harness.log[1], count: 60) { _ = try log.append(record) }
      _ = try log.sync()
      let second = try #require(log.segmentList.dropFirst().first?.number)
      try log.prune(
        before: second,
        carry: LogBase(height: Height(3), origin: .founded, votingBar: nil).encoded())
      _ = consume log
      _ = try start(empty)
    }
    guard case .snapshots(.closingMissing(let epoch))? = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(epoch == .first)
  }
}

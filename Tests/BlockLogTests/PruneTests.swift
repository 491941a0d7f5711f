import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Pruning and archive")
struct PruneTests {
  /// Reads the log and expects all records from `first` to the last.
  func expect(_ log: inout BlockLog<MemoryDisk>, from first: UInt64, _ comment: String = "") throws {
    var next = first
    for record in try TestLog.records(&log, from: first) {
      #expect(record.position.rawValue == next && record.payload == TestLog.payload(next), "\(comment)")
      next += 1
    }
    #expect(next == log.appended.rawValue + 1, "\(comment)")
  }

  @Test("D2: a pruned log begins at a later segment, reports it, and continues with the same positions and addresses")
  func prune() throws {
    let (disk, addresses) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    let list = log.segmentList
    #expect(list.map(\.number) == Array(1...UInt32(list.count)) && list.count > 4)
    #expect(list.filter(\.isSealed).count >= 4 && !list[list.count - 1].isSealed)
    for segment in list {
      let inside = addresses.indices.filter { addresses[$0].segment == segment.number }.map { UInt64($0 + 1) }
      #expect(segment.first?.rawValue == inside.first && segment.last?.rawValue == inside.last)
      let heights = inside.map { TestLog.height($0) }.filter { $0 > .genesis }
      #expect(segment.firstHeight == heights.first && segment.lastHeight == heights.last)
      #expect(try disk.size(of: segment.file) == segment.byteCount)
    }
    // Several prunings in sequence, each after the log is opened again.
    for (number, carry) in [(2, [1, 2, 3]), (4, [])] as [(UInt32, [UInt8])] {
      try log.prune(before: number, carry: carry)
      let first = try #require(list[Int(number) - 1].first)
      #expect(log.pruned?.firstSegment == number && log.pruned?.carry == carry)
      #expect(log.pruned?.firstPosition == first)
      #expect(log.pruned?.lastHeight == TestLog.height(first.rawValue - 1))
      #expect(log.segmentList.map(\.number) == Array(number...UInt32(list.count)))
      try expect(&log, from: first.rawValue)
      #expect(throws: LogError.noRecord(addresses[0])) { _ = try log.read(addresses[0]) }
      #expect(try log.read(addresses[59]).payload == TestLog.payload(60))
      log = try TestLog.open(disk)
      #expect(log.pruned?.carry == carry && log.recovery.outcome == .unclosed)
      #expect(log.recovery.lastHeight == TestLog.height(60))
      try expect(&log, from: first.rawValue)
    }
    let reader = LogReader(disk, owner: TestLog.owner)
    let (inspection, _) = try reader.inspect()
    #expect(inspection.pruned == log.pruned && inspection.last == LogPosition(60))
    #expect(try reader.survey().survey.pruned == log.pruned)
    try TestLog.append(&log, to: 90)
    try log.close()
    log = try TestLog.open(disk)
    #expect(log.recovery.outcome == .clean && log.appended == LogPosition(90))
    // Prunes all segments except the one being written.
    let active = try #require(log.segmentList.last { $0.first != nil })
    try log.prune(before: active.number, carry: [9])
    log = try TestLog.open(disk)
    #expect(log.appended == LogPosition(90) && log.recovery.lastHeight == TestLog.height(90))
    #expect(throws: LogError.notSealed(segment: 99)) { try log.prune(before: 99, carry: []) }
    #expect(throws: LogError.notSealed(segment: 1)) { try log.prune(before: 1, carry: []) }
    let large = [UInt8](repeating: 0, count: Limits.logCarryBytes + 1)
    #expect(throws: LogError.carryTooLarge(byteCount: large.count)) {
      try log.prune(before: active.number, carry: large)
    }
    #expect(throws: LogError.exists) { _ = try TestLog.create(disk) }
  }

  @Test("D2: a crash at any step of pruning leaves the log complete or pruned, and the next start finishes it")
  func crashes() throws {
    let (disk, _) = try TestLog.filled(60)
    var generator = SeededGenerator(seed: 17)
    let whole = disk.copy()
    var log = try TestLog.open(whole)
    let opened = whole.operations
    let first = try #require(log.segmentList[3].first)
    try log.prune(before: 4, carry: [5])
    var pruned = 0
    for step in 0...whole.operations - opened {
      for survival in MemoryDisk.Survival.allCases {
        let trial = disk.copy()
        var log = try TestLog.open(trial)
        trial.operationsLeft = step
        do { try log.prune(before: 4, carry: [5]) } catch { #expect(error.code == "disk.other") }
        trial.crash(survival, using: &generator)
        let comment = "step \(step), \(survival)"
        // Leftovers do not confuse a reader.
        #expect(try LogReader(trial, owner: TestLog.owner).inspect().inspection.outcome == .unclosed, "\(comment)")
        var again = try TestLog.open(trial)
        #expect(again.pruned == nil || again.pruned?.carry == [5], "\(comment)")
        if again.pruned != nil { pruned += 1 }
        try expect(&again, from: again.pruned == nil ? 1 : first.rawValue, comment)
        let names = try trial.list().compactMap(SegmentHeader.number(ofFile:))
        #expect(names.min() == (again.pruned == nil ? 1 : 4), "\(comment)")
        #expect(try trial.list().filter { $0.hasSuffix(".preparing") } == [], "\(comment)")
      }
    }
    #expect(pruned > 8)
  }

  @Test("D3: a disk on which pruning fails leaves the log working")
  func refusedDisk() throws {
    let (disk, _) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    disk.failingSyncs = 1
    #expect(throws: LogError.self) { try log.prune(before: 3, carry: []) }
    #expect(log.pruned == nil)
    try TestLog.append(&log, to: 70)
    try log.prune(before: 3, carry: [])
    try log.close()
    var again = try TestLog.open(disk)
    #expect(again.pruned?.firstSegment == 3 && again.appended == LogPosition(70))
    try expect(&again, from: try #require(again.segmentList[0].first).rawValue)
  }

  @Test("D2: a log that begins later is refused if its prune mark is missing or damaged")
  func damagedMark() throws {
    let (disk, _) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    try log.prune(before: 3, carry: [1, 2, 3])
    let lost = disk.copy()
    try lost.remove(PruneMark.file)
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(lost) }
    guard case .damaged(let damage) = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(damage.file == "000001.segment" && damage.cause == .missingSegment)
    let bytes = try #require(disk.contents(of: PruneMark.file))
    for offset in bytes.indices {
      let trial = disk.copy()
      trial.flipBit(of: PruneMark.file, at: offset, bit: offset % 8)
      let error = #expect(throws: LogError.self) { _ = try TestLog.open(trial) }
      #expect(error?.code == "log.damaged" && error?.explanation.contains(PruneMark.file) == true)
      trial.replaceContents(of: PruneMark.file, with: Array(bytes[..<offset]))
      #expect(throws: LogError.self) { _ = try TestLog.open(trial) }
      #expect(throws: LogError.self) { _ = try LogReader(trial, owner: TestLog.owner).survey() }
    }
    // The loss of the segment that the mark names is damage too, and is reported with its place.
    for file in try disk.list() where file.hasSuffix(".segment") { try disk.remove(file) }
    let pruned = log.pruned
    let mark = try #require(pruned)
    let none = #expect(throws: LogError.self) { _ = try TestLog.open(disk) }
    #expect(none == .damaged(mark.missingFirst))
    #expect(throws: LogError.wrongChain(file: PruneMark.file, expected: .zero, found: TestLog.chain)) {
      _ = try BlockLog.open(disk, owner: .anyone(of: .zero))
    }
  }

  @Test("D2: damage in a pruned log is found and repaired as in a complete one")
  func repaired() throws {
    let (disk, addresses) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    try log.prune(before: 3, carry: [])
    let first = try #require(addresses.first { $0.segment == 3 })
    disk.flipBit(of: SegmentHeader.fileName(3), at: Int(first.offset) + 5, bit: 0)
    disk.flipBit(of: SegmentHeader.fileName(3), at: 70, bit: 0)
    #expect(try RepairTests.repair(disk, upTo: 60).stretches.map(\.reach) == [.segmentHeader, .sound])
    log = try TestLog.open(disk)
    try expect(&log, from: UInt64(try #require(addresses.firstIndex(of: first)) + 1))
  }

  // MARK: Archive

  @Test("D6: archive and pruned log are read together from the first position; what the archive lacks is reported")
  func archive() throws {
    let (disk, _) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    let archive = MemoryDisk()
    for segment in log.segmentList.prefix(3) {
      let copied = try LogArchive.copy(segment, from: disk, to: archive, owner: TestLog.owner)
      #expect(copied == segment.byteCount && archive.contents(of: segment.file) == disk.contents(of: segment.file))
      #expect(try LogArchive.copy(segment, from: disk, to: archive, owner: TestLog.owner) == 0)
    }
    let last = try #require(log.segmentList.last)
    #expect(throws: LogError.notSealed(segment: last.number)) {
      try LogArchive.copy(last, from: disk, to: archive, owner: TestLog.owner)
    }
    try log.prune(before: 4, carry: [1])
    let both = ArchivedDisk([archive, disk])
    var (inspection, records) = try LogReader(both, owner: TestLog.owner).inspect()
    #expect(inspection.outcome == .unclosed && inspection.records == 60 && inspection.pruned == nil)
    var next: UInt64 = 1
    while let record = try records.next() {
      #expect(record.position.rawValue == next && record.payload == TestLog.payload(next))
      next += 1
    }
    #expect(next == 61)
    #expect(throws: DiskError.self) { try both.remove("000001.segment") }
    #expect(throws: DiskError.self) { try both.syncDirectory() }
    for missing in [2, 1] as [UInt32] {
      try archive.remove(SegmentHeader.fileName(missing))
      let error = #expect(throws: LogError.self) { _ = try LogReader(both, owner: TestLog.owner).inspect() }
      guard case .damaged(let damage) = error else { return #expect(Bool(false), "\(String(describing: error))") }
      #expect(damage.file == SegmentHeader.fileName(missing) && damage.cause == .missingSegment)
    }
  }

  @Test("D2: archiving again repairs a crash at any step of archiving; a damaged segment is not archived")
  func archiveCrashes() throws {
    let (disk, addresses) = try TestLog.filled(60)
    let segment = try TestLog.open(disk).segmentList[1]
    let empty = MemoryDisk()
    try LogArchive.copy(segment, from: disk, to: empty, owner: TestLog.owner)
    var generator = SeededGenerator(seed: 19)
    for step in 0...empty.operations {
      for survival in MemoryDisk.Survival.allCases {
        let archive = MemoryDisk()
        archive.operationsLeft = step
        do { try LogArchive.copy(segment, from: disk, to: archive, owner: TestLog.owner) } catch {
          #expect(error.code == "disk.other")
        }
        archive.crash(survival, using: &generator)
        if let bytes = archive.contents(of: segment.file) {
          #expect(bytes == disk.contents(of: segment.file), "a name only for a whole copy: \(step) \(survival)")
        }
        try LogArchive.copy(segment, from: disk, to: archive, owner: TestLog.owner)
        #expect(archive.contents(of: segment.file) == disk.contents(of: segment.file))
      }
    }
    let address = try #require(addresses.first { $0.segment == 2 })
    for place in [41, 3] {
      let bad = disk.copy()
      bad.flipBit(of: segment.file, at: Int(address.offset) + place, bit: 1)
      let archive = MemoryDisk()
      let error = #expect(throws: LogError.self) {
        try LogArchive.copy(segment, from: bad, to: archive, owner: TestLog.owner)
      }
      #expect(error?.code == "log.damaged" && archive.contents(of: segment.file) == nil)
      // A copy that has been damaged is made again.
      let old = empty.copy()
      old.flipBit(of: segment.file, at: Int(address.offset) + place, bit: 1)
      #expect(try LogArchive.copy(segment, from: disk, to: old, owner: TestLog.owner) == segment.byteCount)
      #expect(old.contents(of: segment.file) == disk.contents(of: segment.file))
    }
  }
}

import Primitives
import Testing

@testable import BlockLog

/// A log records what one validator said, so it must not be used for another.
@Testing.Suite("The owner of a log")
struct OwnerTests {
  private let other = LogOwner(chain: TestLog.chain, writer: PublicKey(prefix: 3, body: Digest(9, 9, 9, 9)))

  /// A log with several segments.
  private func log(of owner: LogOwner, records: UInt64 = 60) throws -> MemoryDisk {
    let disk = MemoryDisk()
    var log = try BlockLog.create(disk, owner: owner, options: TestLog.options)
    try TestLog.append(&log, to: records)
    _ = try log.sync()
    let sealed = log.segmentList.filter(\.isSealed)
    try #require(sealed.count >= 2)
    return disk
  }

  private func refusal(_ file: String) throws -> LogError {
    .wrongWriter(
      file: file, expected: try #require(TestLog.owner.writer), found: try #require(other.writer))
  }

  private func contents(_ disk: MemoryDisk) throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: disk.list().map { ($0, disk.contents(of: $0) ?? []) })
  }

  @Test("C7: another validator's log is refused with the file and both keys, and is not changed")
  func foreignLog() throws {
    let disk = try log(of: other)
    let before = try contents(disk)
    let expected = try refusal("000001.segment")
    #expect(throws: expected) { _ = try TestLog.open(disk) }
    #expect(throws: expected) { _ = try LogReader(disk, owner: TestLog.owner).inspect() }
    #expect(throws: expected) { _ = try LogReader(disk, owner: TestLog.owner).survey() }
    #expect(expected.code == "log.wrong-writer")
    for part in ["000001.segment", "\(try #require(TestLog.owner.writer))", "\(try #require(other.writer))"] {
      #expect(expected.explanation.contains(part))
    }
    #expect(try contents(disk) == before)
    // A reader that only checks a log accepts the log of any validator.
    #expect(try LogReader(disk, owner: .anyone(of: TestLog.chain)).inspect().inspection.records == 60)
  }

  @Test("C7: a segment of another validator's log among the node's own is refused by a start, a reader and the scrub")
  func foreignSegment() throws {
    let foreign = try log(of: other)
    let disk = try log(of: TestLog.owner)
    var running = try TestLog.open(disk)
    for segment in running.segmentList where segment.isSealed {
      let trial = disk.copy()
      trial.replaceContents(of: segment.file, with: try #require(foreign.contents(of: segment.file)))
      let expected = try refusal(segment.file)
      #expect(throws: expected) { _ = try TestLog.open(trial) }
      var scrub = LogScrub(trial, owner: TestLog.owner)
      let segments = running.segmentList
      #expect(throws: expected) { _ = try scrub.step(bytes: 1 << 20, over: segments) }
      // A reader that accepts any validator's log still requires all of it to be from the same validator.
      let error = #expect(throws: LogError.self) {
        _ = try LogReader(trial, owner: .anyone(of: TestLog.chain)).inspect()
      }
      #expect(error?.code == "log.wrong-writer")
    }
    try running.close()
  }

  @Test("C7: a damaged first page is not restored under another validator's name")
  func damagedPage() throws {
    let disk = try log(of: other)
    for number in 1...2 as ClosedRange<UInt32> { disk.flipBit(of: SegmentHeader.fileName(number), at: 20, bit: 3) }
    let expected = try refusal("000001.segment")
    #expect(throws: expected) { _ = try LogReader(disk, owner: TestLog.owner).survey() }
    let own = try log(of: TestLog.owner)
    for number in 1...2 as ClosedRange<UInt32> { own.flipBit(of: SegmentHeader.fileName(number), at: 80, bit: 3) }
    let stretches = try LogReader(own, owner: TestLog.owner).survey().survey.stretches
    #expect(stretches.map(\.segment.writer) == [TestLog.owner.writer, TestLog.owner.writer])
  }

  @Test("C7: another validator's prune mark is refused, because it describes that validator's votes")
  func foreignMark() throws {
    let disk = try log(of: TestLog.owner)
    var own = try TestLog.open(disk)
    try own.prune(before: 2, carry: [1])
    try own.close()
    let pruned = own.pruned
    var mark = try #require(pruned)
    mark.writer = other.writer
    disk.replaceContents(of: PruneMark.file, with: mark.encoded)
    let expected = try refusal(PruneMark.file)
    #expect(throws: expected) { _ = try TestLog.open(disk) }
    #expect(throws: expected) { _ = try LogReader(disk, owner: TestLog.owner).survey() }
  }

  @Test("D2: an archive that contains another validator's segment is not overwritten")
  func foreignArchive() throws {
    let archive = try log(of: other)
    let before = try contents(archive)
    let disk = try log(of: TestLog.owner)
    let own = try TestLog.open(disk)
    let segments = own.segmentList
    let segment = try #require(segments.first)
    let expected = try refusal("000001.segment")
    #expect(throws: expected) {
      try LogArchive.copy(segment, from: disk, to: archive, owner: TestLog.owner)
    }
    #expect(try contents(archive) == before)
  }

  @Test("D6: a log of version 1, which names no writer, opens, continues with segments that do, and is then named")
  func firstVersion() throws {
    let disk = MemoryDisk()
    var log = try BlockLog.create(disk, owner: .anyone(of: TestLog.chain), options: TestLog.options)
    try TestLog.append(&log, to: 5)
    try log.close()
    #expect(
      try SegmentHeader(decoding: Array(disk.contents(of: "000001.segment")?.prefix(SegmentHeader.encodedBytes) ?? []))
        .writer == nil)
    log = try TestLog.open(disk)
    let wasNamed = log.isNamed
    #expect(!wasNamed)
    try TestLog.append(&log, to: 60)
    try log.close()
    log = try TestLog.open(disk)
    let (isNamed, last) = (log.isNamed, log.appended)
    #expect(isNamed && last == LogPosition(60))
    let header = try SegmentHeader(
      decoding: Array(disk.contents(of: "000002.segment")?.prefix(SegmentHeader.encodedBytes) ?? []))
    #expect(header.owner == TestLog.owner)
    #expect(throws: LogError.self) { _ = try BlockLog.open(disk, owner: other) }
  }
}

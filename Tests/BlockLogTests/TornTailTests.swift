import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Torn tails")
struct TornTailTests {
  /// A log of 9 records, the last three of which were written in one batch that nothing later vouches for. Also returns
  /// where those three begin and end.
  func tail() throws -> (disk: MemoryDisk, file: String, starts: [Int], end: Int) {
    let (disk, _) = try TestLog.filled(6)
    var log = try TestLog.open(disk)
    let addresses = try TestLog.append(&log, to: 9)
    _ = try log.sync()
    let file = SegmentHeader.fileName(addresses[0].segment)
    #expect(addresses.allSatisfy { $0.segment == addresses[0].segment })
    let starts = addresses.map { Int($0.offset) }
    return (disk, file, starts, starts[2] + RecordHeader.stride(payloadBytes: TestLog.payload(9).count))
  }

  /// Opens the log and expects the whole records before `offset` and a report that names what was cleared.
  func expectCut(_ disk: MemoryDisk, _ file: String, _ starts: [Int], wholeUntil offset: Int) throws {
    let whole = starts.indices.filter { index in
      starts[index] + RecordHeader.byteCount + TestLog.payload(UInt64(7 + index)).count <= offset
    }
    var log = try TestLog.open(disk)
    let kept = log.appended.rawValue
    #expect(kept == UInt64(6 + whole.count), "cut at \(offset)")
    try TestLog.expectIntact(&log, "cut at \(offset)")
    if case .cut(let cut) = log.recovery.outcome {
      #expect(cut.file == file && cut.position.rawValue == kept + 1 && starts.contains(cut.offset))
      #expect(cut.height == TestLog.height(kept))
      #expect(log.recovery.lines[0].contains("\(file) offset \(cut.offset)"))
      let contents = try #require(disk.contents(of: file))
      #expect(contents[cut.offset...].allSatisfy { $0 == 0 })
    } else if kept < 9 {
      // Nothing is cut only if nothing but padding remained after the whole records.
      #expect(starts[whole.count] - offset <= 8, "nothing was cut at \(offset)")
    }
    #expect(try TestLog.open(disk).recovery.outcome == .unclosed)
  }

  @Test("D1: the last records cut short at every byte: whole ones stay, the rest is cleared and reported")
  func truncated() throws {
    let (disk, file, starts, end) = try tail()
    let bytes = try #require(disk.contents(of: file))
    for offset in starts[0]...end {
      let trial = disk.copy()
      trial.replaceContents(of: file, with: Array(bytes[..<offset]))
      try expectCut(trial, file, starts, wholeUntil: offset)
    }
  }

  @Test("D1: the last records filled with zeros from any byte on: the same")
  func zeroFilled() throws {
    let (disk, file, starts, end) = try tail()
    let bytes = try #require(disk.contents(of: file))
    for offset in starts[0]...end where offset < starts[0] + 200 || offset % 3 == 0 {
      let trial = disk.copy()
      trial.replaceContents(
        of: file, with: Array(bytes[..<offset]) + [UInt8](repeating: 0, count: bytes.count - offset))
      try expectCut(trial, file, starts, wholeUntil: offset)
    }
  }

  @Test("D1: a batch whose first sectors are lost is discarded entirely, even if its last sectors were kept")
  func outOfOrder() throws {
    let (disk, file, starts, _) = try tail()
    var bytes = try #require(disk.contents(of: file))
    let sectorEnd = (starts[0] / 512 + 1) * 512
    for offset in starts[0]..<max(sectorEnd, starts[0] + 48) { bytes[offset] = 0 }
    disk.replaceContents(of: file, with: bytes)
    var log = try TestLog.open(disk)
    #expect(log.appended == LogPosition(6))
    try TestLog.append(&log, to: 12)
    try log.close()
    var again = try TestLog.open(disk)
    #expect(again.recovery.outcome == .clean)
    try TestLog.expectIntact(&again)
  }

  @Test("D1: a hole below a later record's durable mark is not a torn tail")
  func provenHole() throws {
    let (disk, addresses) = try TestLog.filled(9)
    let file = SegmentHeader.fileName(addresses[6].segment)
    var bytes = try #require(disk.contents(of: file))
    for offset in Int(addresses[6].offset)..<Int(addresses[7].offset) { bytes[offset] = 0 }
    disk.replaceContents(of: file, with: bytes)
    let before = try TestLog.contents(disk)
    let damage = LogDamage(
      file: file, offset: Int(addresses[6].offset), position: LogPosition(7), height: TestLog.height(6),
      cause: .missingRecord)
    #expect(throws: LogError.damaged(damage)) { _ = try TestLog.open(disk) }
    #expect(try TestLog.contents(disk) == before, "a refusal changes nothing")
  }

  @Test("D1: bytes in a payload that look like a record prove nothing")
  func forgedRecord() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    _ = try log.append(kind: 1, height: Height(1), payload: [1, 2, 3])
    _ = try log.sync()
    // Made with a different salt, since whoever writes payloads does not know the salt of this log.
    let other = SegmentHeader(number: 1, byteCount: 8192, salt: 1, owner: TestLog.owner)
    var forged: [UInt8] = []
    RecordHeader.write(
      .bare(.mark, position: LogPosition(50), durable: LogPosition(50)), payload: RawSpan(), binding: other.binding,
      to: &forged)
    let (_, address) = try log.append(
      kind: 1, height: Height(2), payload: [UInt8](repeating: 7, count: 984) + forged)
    _ = try log.sync()
    // The sectors with the header are lost.
    let file = SegmentHeader.fileName(1)
    var bytes = try #require(disk.contents(of: file))
    for offset in Int(address.offset)..<Int(address.offset) + 512 { bytes[offset] = 0 }
    disk.replaceContents(of: file, with: bytes)
    let again = try TestLog.open(disk)
    #expect(again.appended == LogPosition(1))
  }
}

import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Damage")
struct DamageTests {
  /// Opens a damaged copy. Expects either a refusal that names a place at or before the damage and changes nothing, or
  /// every record.
  func expectNoLoss(_ disk: MemoryDisk, of records: UInt64, file: String, offset: Int, _ comment: String) throws {
    let before = try TestLog.contents(disk)
    do {
      var log = try TestLog.open(disk)
      #expect(log.appended.rawValue == records, "\(comment): \(log.recovery.outcome)")
      try TestLog.expectIntact(&log, comment)
    } catch LogError.damaged(let damage) {
      #expect(damage.file == file && damage.offset <= offset, "\(comment): \(damage)")
      #expect(try TestLog.contents(disk) == before, "\(comment): changed")
      #expect(LogError.damaged(damage).explanation.contains("\(file) at offset \(damage.offset), height"))
    } catch LogError.wrongChain, LogError.unknownVersion {
      Issue.record("\(comment): a flipped bit was taken for another chain or version")
    }
  }

  func flipEverywhere(_ disk: MemoryDisk, records: UInt64) throws {
    for file in try disk.list() {
      let bytes = try #require(disk.contents(of: file))
      for offset in bytes.indices {
        // Long payloads and the unused parts of the header's page and of the segment are only sampled.
        let sampled = offset > 80 && offset < 4096 || offset > 4096 + 700
        if sampled && offset % (bytes[offset] == 0 ? 61 : 7) != 0 { continue }
        let trial = disk.copy()
        trial.flipBit(of: file, at: offset, bit: offset % 8)
        try expectNoLoss(trial, of: records, file: file, offset: offset, "\(file) offset \(offset)")
      }
    }
  }

  @Test("D2: a flipped bit anywhere in a closed log is refused with its place, or affects no record")
  func closed() throws {
    let (disk, _) = try TestLog.filled(14, close: true)
    #expect(try disk.list().count == 2)
    try flipEverywhere(disk, records: 14)
  }

  @Test("D2: the same in a log that was not closed, whose last batch nothing later proves durable")
  func unclosed() throws {
    let (disk, _) = try TestLog.filled(9, syncEach: false)
    try flipEverywhere(disk, records: 9)
  }

  @Test("D2: damage to a payload names file, offset, height and position")
  func named() throws {
    let (disk, addresses) = try TestLog.filled(14)
    let address = addresses[3]
    let file = SegmentHeader.fileName(address.segment)
    disk.flipBit(of: file, at: Int(address.offset) + RecordHeader.byteCount + 5, bit: 3)
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(disk) }
    #expect(
      error
        == .damaged(
          LogDamage(
            file: file, offset: Int(address.offset), position: LogPosition(4), height: TestLog.height(4),
            cause: .badPayload)))
    #expect(error?.code == "log.damaged")
  }

  @Test("D2: a lost segment is refused: the first, a middle one, the last with records")
  func lostSegment() throws {
    let (disk, _) = try TestLog.filled(60)
    let files = try disk.list()
    #expect(files.count >= 4)
    for (index, file) in files.enumerated() {
      let trial = disk.copy()
      try trial.remove(file)
      let error = #expect(throws: LogError.self) { _ = try TestLog.open(trial) }
      guard case .damaged(let damage) = error else {
        Issue.record("\(file): \(String(describing: error))")
        continue
      }
      #expect(damage.file == file && damage.cause == .missingSegment)
      #expect(index == 0 || damage.position > LogPosition(1))
    }
  }

  @Test("D2: a segment in the wrong place, a copied one, one of another chain and one of a later version are refused")
  func foreignSegment() throws {
    let (disk, _) = try TestLog.filled(60)
    let files = try disk.list()
    let second = try #require(disk.contents(of: files[1]))
    let swapped = disk.copy()
    swapped.replaceContents(of: files[2], with: second)
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(swapped) }
    guard case .damaged(let damage) = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(damage.cause == .wrongSegmentNumber(2))

    #expect(throws: LogError.wrongChain(file: files[0], expected: .zero, found: TestLog.chain)) {
      _ = try BlockLog.open(disk, owner: .anyone(of: .zero))
    }

    // The checksum over the first bytes is at the same place in every version.
    var later = Array(second[..<68])
    later[8] = 3
    let checksum = Checksum.crc32c(later.span.bytes)
    later += (0..<4).map { UInt8(checksum >> (8 * $0) & 0xFF) }
    disk.replaceContents(of: files[1], with: later + second[72...])
    #expect(throws: LogError.unknownVersion(file: files[1], version: 3)) { _ = try TestLog.open(disk) }
  }

  @Test("D2: records of another segment, moved or repeated, are not accepted as this one's")
  func movedRecords() throws {
    let (disk, addresses) = try TestLog.filled(9)
    let file = SegmentHeader.fileName(1)
    var bytes = try #require(disk.contents(of: file))
    // Copies the third record to the place after the segment's last record.
    let last = try #require(addresses.last { $0.segment == 1 })
    let source = Int(addresses[2].offset)..<Int(addresses[3].offset)
    let position = UInt64(addresses.lastIndex(of: last) ?? 0) + 1
    let target = Int(last.offset) + RecordHeader.stride(payloadBytes: TestLog.payload(position).count)
    for (index, byte) in bytes[source].enumerated() where target + index < bytes.count { bytes[target + index] = byte }
    disk.replaceContents(of: file, with: bytes)
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(disk) }
    guard case .damaged(let damage) = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(damage.cause == .misplaced(LogPosition(3)))
    #expect(damage.offset == target)
  }

  @Test("N1: no bytes on the disk can stop the program: random segments, random bodies, random names")
  func randomBytes() throws {
    var generator = SeededGenerator(seed: 99)
    let (good, _) = try TestLog.filled(9, close: true)
    let file = SegmentHeader.fileName(1)
    let bytes = try #require(good.contents(of: file))
    for round in 0..<300 {
      let disk = good.copy()
      var changed = bytes
      switch round % 4 {
      case 0:
        changed = (0..<Int.random(in: 0...9000, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
      case 1:
        for offset in SegmentHeader.reservedBytes..<bytes.count {
          changed[offset] = UInt8.random(in: 0...255, using: &generator)
        }
      case 2:
        for _ in 0..<8 {
          changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
      default:
        // A sound header with boundary values.
        var record: [UInt8] = []
        let edges: [UInt64] = [0, 1, 2, .max, .max - 1, 1 << 63]
        let header = RecordHeader(
          sort: [.record, .mark, .seal][round / 4 % 3], kind: UInt8(round & 1),
          payloadBytes: [0, 1, 4000, Limits.recordBytes, Int(UInt32.max)][round / 12 % 5],
          position: LogPosition(edges[round % 6]), durable: LogPosition(edges[round / 7 % 6]),
          height: Height(edges[round / 3 % 6]), payloadChecksum: 0)
        let segment = try SegmentHeader(decoding: Array(bytes[..<SegmentHeader.encodedBytes]))
        RecordHeader.writeHeader(header, binding: segment.binding, to: &record)
        changed.replaceSubrange(4096..<4096 + record.count, with: record)
      }
      disk.replaceContents(of: file, with: changed)
      disk.replaceContents(of: "4294967296.segment", with: changed)
      disk.replaceContents(of: "x.segment", with: changed)
      do { _ = try TestLog.open(disk) } catch { #expect(error.code.isEmpty == false) }
      var reader = LogReader(disk, owner: TestLog.owner)
      for offset in [UInt32.max, 0, 4096, 4100, 8184, 8192] {
        for segment in [0, 1, 2, UInt32.max] {
          _ = try? reader.read(RecordAddress(segment: segment, offset: offset))
        }
      }
    }
  }
}

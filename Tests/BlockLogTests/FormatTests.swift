import Primitives
import Testing

@testable import BlockLog

/// Format vectors. A change here is a change of the format on disk and needs a new version.
@Testing.Suite("Segment format")
struct FormatTests {
  private let owner = LogOwner(
    chain: Digest(1, 2, 3, 4), writer: PublicKey(prefix: 2, body: Digest(5, 6, 7, 8)))

  @Test("D6: a segment with two records, a mark and a seal has exactly these bytes")
  func golden() throws {
    let disk = MemoryDisk()
    let options = LogOptions(firstSegmentBytes: 8192, segmentBytes: 8192, salt: 0x0102_0304_0506_0708)
    let chain = Digest(
      0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
    var log = try BlockLog.create(disk, owner: .anyone(of: chain), options: options)
    _ = try log.append(kind: 1, height: Height(7), payload: Array("roadbed".utf8))
    _ = try log.sync()
    _ = try log.append(kind: 2, height: Height(8), payload: Array("holds eight".utf8))
    try log.close()
    log = try BlockLog.open(disk, owner: .anyone(of: chain), options: options)
    _ = try log.append(kind: 3, height: Height(9), payload: [UInt8](repeating: 0x77, count: 4000))
    _ = try log.sync()

    let bytes = try #require(disk.contents(of: "000001.segment"))
    #expect(bytes.count == 8192)
    #expect(
      Hex.encode(bytes[..<72])
        == "726f61646c6f670a" + "0100" + "0000" + "01000000" + "0020000000000000" + "0807060504030201"
        + "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210" + "00000000" + "7e4a554e")
    #expect(bytes[72..<4096].allSatisfy { $0 == 0 })
    #expect(
      Hex.encode(bytes[4096..<4144])
        == "5201" + "07000000" + "0100000000000000" + "0000000000000000" + "0700000000000000" + "92dfdfdc6aa264a5"
        + "00a5" + "726f6164626564" + "a5")
    #expect(
      Hex.encode(bytes[4144..<4200])
        == "5202" + "0b000000" + "0200000000000000" + "0100000000000000" + "0800000000000000" + "45880f07960ad622"
        + "00a5" + "686f6c6473206569676874" + "a5" + "00000000")
    #expect(
      Hex.encode(bytes[4200..<4248])
        == "4d00" + "00000000" + "0200000000000000" + "0200000000000000" + "0000000000000000" + "000000002c0c4910"
        + "00a5" + "a5" + "00000000000000")
    #expect(
      Hex.encode(bytes[4248..<4296])
        == "5300" + "00000000" + "0200000000000000" + "0200000000000000" + "0000000000000000" + "00000000677ac31c"
        + "00a5" + "a5" + "00000000000000")
    #expect(bytes[4296...].allSatisfy { $0 == 0 })
    #expect(
      Hex.encode(disk.contents(of: "000002.segment")?[4096..<4138] ?? [])
        == "5203" + "a00f0000" + "0300000000000000" + "0200000000000000" + "0900000000000000" + "5698a3a756c0c60d"
        + "00a5" + "7777")
  }

  @Test("D6: a rewritten stretch, with restored records, a void and a seal, has exactly these bytes")
  func goldenRepair() throws {
    let chain = Digest(
      0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
    let segment = SegmentHeader(number: 1, byteCount: 8192, salt: 0x0102_0304_0506_0708, owner: .anyone(of: chain))
    var stretch = DamagedStretch(
      segment: segment, offset: 4096, byteCount: 112, reach: .sound, first: LogPosition(3), count: 2, header: nil,
      heightBefore: Height(6), heightAfter: Height(9), cause: .badRecordHeader, durable: LogPosition(1),
      isProven: true)
    let record = ReplacementRecord(kind: 1, height: Height(7), payload: Array("roadbed".utf8))
    let void = VoidRecord(kind: 9, prefix: [0x01, 0x02])
    var repair = try LogRepair(stretch, [record], void: void)
    let record3 =
      "5201" + "07000000" + "0300000000000000" + "0100000000000000" + "0700000000000000" + "92dfdfdc4e35e0d3"
      + "00a5" + "726f6164626564" + "a5"
    #expect(Hex.encode(repair.head + repair.rest.prefix(8)) == record3)
    // A void at position 4, with the durable mark of the stretch, fills the other 64 bytes.
    #expect(
      Hex.encode(repair.rest.dropFirst(8))
        == "5209" + "17000000" + "0400000000000000" + "0100000000000000" + "0000000000000000" + "80b6f81609711a6b"
        + "00a5" + "0102" + String(repeating: "a5", count: 22))
    #expect(repair.end == 4208)

    // At a segment's end, the void is as small as possible and a seal follows.
    (stretch.reach, stretch.byteCount) = (.segmentEnd, 4096)
    repair = try LogRepair(stretch, [record], void: void)
    #expect(
      Hex.encode(repair.rest.dropFirst(8))
        == "5209" + "07000000" + "0400000000000000" + "0100000000000000" + "0000000000000000" + "57ea2b99b07c7a74"
        + "00a5" + "0102a5a5a5a5a5" + "a5" + "5300" + "00000000" + "0400000000000000" + "0100000000000000"
        + "0000000000000000" + "000000000bc34e87" + "00a5" + "a5" + "00000000000000")
  }

  @Test("D6: the prune mark has exactly these bytes, and reads back")
  func goldenPruneMark() throws {
    let chain = Digest(
      0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
    var mark = PruneMark(
      firstSegment: 3, firstPosition: LogPosition(0x0102), lastHeight: Height(77),
      owner: .anyone(of: chain), carry: Array("kept".utf8))
    #expect(
      Hex.encode(mark.encoded)
        == "726f61646375740a" + "0100" + "0000" + "03000000" + "0201000000000000" + "4d00000000000000"
        + "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210" + "04000000" + "6b657074" + "d2776004")
    #expect(try PruneMark(decoding: mark.encoded) == mark)

    // The mark with its writer, in format version 2.
    mark.writer = owner.writer
    #expect(
      Hex.encode(mark.encoded)
        == "726f61646375740a" + "0200" + "0000" + "03000000" + "0201000000000000" + "4d00000000000000"
        + "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"
        + "020000000000000005000000000000000600000000000000070000000000000008" + "04000000" + "6b657074" + "41bf496a")
    #expect(try PruneMark(decoding: mark.encoded) == mark)
  }

  @Test("D2: a prune mark after which numbers would overflow is refused")
  func pruneBounds() throws {
    var mark = PruneMark(
      firstSegment: 2, firstPosition: LogPosition(1), lastHeight: Height(77), owner: .anyone(of: .zero), carry: [])
    #expect(try PruneMark(decoding: mark.encoded) == mark)
    for position in [0, 1 << 62 + 1, .max] as [UInt64] {
      mark.firstPosition = LogPosition(position)
      #expect(throws: PruneMark.Fault.badField("firstPosition")) { try PruneMark(decoding: mark.encoded) }
    }
    mark.firstPosition = LogPosition(1 << 62)
    for number in [0, 1, 1 << 31 + 1, .max] as [UInt32] {
      mark.firstSegment = number
      #expect(throws: PruneMark.Fault.badField("firstSegment")) { try PruneMark(decoding: mark.encoded) }
    }
    mark.firstSegment = 1 << 31
    #expect(try PruneMark(decoding: mark.encoded) == mark)
  }

  @Test("A segment header reads back, and each changed bit of it is refused")
  func header() throws {
    let header = SegmentHeader(number: 12, byteCount: 1 << 20, salt: 99, owner: owner)
    let bytes = header.encoded
    #expect(bytes.count == SegmentHeader.encodedBytes)
    #expect(try SegmentHeader(decoding: bytes) == header)
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SegmentHeader.Fault.self) { _ = try SegmentHeader(decoding: changed) }
    }
    for count in 0..<bytes.count {
      #expect(throws: SegmentHeader.Fault.noHeader) { _ = try SegmentHeader(decoding: Array(bytes[..<count])) }
    }
  }

  @Test("D6: a segment header has exactly these bytes, with its writer and, as in version 1, without")
  func goldenHeader() throws {
    let chain = Digest(
      0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF, 0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
    var header = SegmentHeader(
      number: 2, byteCount: 8192, salt: 0x0102_0304_0506_0708, owner: LogOwner(chain: chain, writer: owner.writer))
    #expect(
      Hex.encode(header.encoded)
        == "726f61646c6f670a" + "0200" + "0000" + "02000000" + "0020000000000000" + "0807060504030201"
        + "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210" + "00000000" + "6ab6aa77"
        + "020000000000000005000000000000000600000000000000070000000000000008" + "000000" + "267398a7")
    #expect(try SegmentHeader(decoding: header.encoded) == header)
    header.writer = nil
    #expect(
      Hex.encode(header.encoded)
        == "726f61646c6f670a" + "0100" + "0000" + "02000000" + "0020000000000000" + "0807060504030201"
        + "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210" + "00000000" + "875a66e9"
        + String(repeating: "00", count: 40))
    #expect(try SegmentHeader(decoding: header.encoded) == header)
  }

  @Test("Segments of another chain, writer, number, size or salt bind their records differently")
  func binding() {
    let header = SegmentHeader(number: 12, byteCount: 1 << 20, salt: 99, owner: owner)
    var others = [SegmentHeader](repeating: header, count: 6)
    others[0].number = 13
    others[1].byteCount = 2 << 20
    others[2].salt = 98
    others[3].chain = Digest(1, 2, 3, 5)
    others[4].writer = PublicKey(prefix: 3, body: Digest(5, 6, 7, 8))
    others[5].writer = nil
    for other in others { #expect(other.binding != header.binding) }
  }

  @Test("Segment names and segment numbers correspond one to one")
  func names() {
    for number in [1, 42, 999_999, 1_000_000, UInt32.max] {
      #expect(SegmentHeader.number(ofFile: SegmentHeader.fileName(number)) == number)
    }
    for name in ["000000.segment", "1.segment", "0000001.segment", "+00001.segment", "000001.preparing", ".segment"] {
      #expect(SegmentHeader.number(ofFile: name) == nil)
    }
  }

  @Test("A mark or a seal with a payload or a height is not a valid header, for a start or a survey")
  func bareHeaders() {
    for sort in [RecordHeader.Sort.mark, .seal] {
      let sound = RecordHeader.bare(sort, position: LogPosition(5), durable: LogPosition(5))
      var others = [sound, sound]
      others[0].payloadChecksum = 1
      others[1].height = Height(1)
      for (header, expected) in [(sound, sound), (others[0], nil), (others[1], nil)] {
        var bytes: [UInt8] = []
        RecordHeader.writeHeader(header, binding: 7, to: &bytes)
        #expect(RecordHeader.read(bytes.span.bytes, at: 0, binding: 7) == expected)
      }
    }
  }
}

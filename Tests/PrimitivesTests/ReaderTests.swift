import Primitives
import Testing

@Testing.Suite("Reader and Writer")
struct ReaderTests {
  @Test("What was written is read back, and nothing else")
  func roundTrip() throws {
    var writer = Writer()
    writer.integer(UInt16(0xBEEF))
    writer.digest(Digest(1, 2, 3, 4))
    writer.shortBytes([1, 2, 3])
    writer.longBytes([4, 5])
    let value = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in
      (
        try reader.integer(UInt16.self), try reader.digest(), try reader.shortBytes(limit: 3, "a"),
        try reader.longBytes(limit: 2, "b")
      )
    }
    #expect(value.0 == 0xBEEF)
    #expect(value.1 == Digest(1, 2, 3, 4))
    #expect(value.2 == [1, 2, 3])
    #expect(value.3 == [4, 5])
    #expect(writer.bytes.prefix(2) == [0xEF, 0xBE])
  }

  @Test("A length over its limit is refused before anything is allocated")
  func lengthBomb() {
    #expect(throws: CodecError.tooLong(field: "b", value: 0xFFFF_FFFF, limit: 2)) {
      try Reader.whole([0xFF, 0xFF, 0xFF, 0xFF]) { (reader) throws(CodecError) in
        try reader.longBytes(limit: 2, "b")
      }
    }
  }

  @Test("Trailing and missing bytes are errors")
  func ends() {
    #expect(throws: CodecError.trailingBytes(offset: 1, count: 1)) {
      try Reader.whole([1, 2]) { (reader) throws(CodecError) in try reader.byte() }
    }
    #expect(throws: CodecError.truncated(offset: 1, missing: 7)) {
      try Reader.whole([1]) { (reader) throws(CodecError) in try reader.integer(UInt64.self) }
    }
  }
}

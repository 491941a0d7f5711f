import Primitives
import Testing

@testable import Ledger

@Testing.Suite("References of holds")
struct HoldReferenceTests {
  /// The rule, byte by byte.
  private func isAllowed(_ bytes: [UInt8]) -> Bool { (1...64).contains(bytes.count) && PlainText.isValid(bytes) }

  private func expectSame(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) throws {
    let reference = HoldReference(bytes: bytes)
    guard isAllowed(bytes) else {
      #expect(reference == nil, "\(bytes)", sourceLocation: location)
      return
    }
    let found = try #require(reference, "\(bytes)", sourceLocation: location)
    #expect(found.bytes == bytes && found.count == bytes.count, sourceLocation: location)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(found.description == text && HoldReference(text) == found, sourceLocation: location)
    var writer = Writer()
    found.encode(into: &writer)
    #expect(writer.bytes == [UInt8(bytes.count), 0] + bytes, sourceLocation: location)
    let read = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try HoldReference(from: &reader) }
    #expect(read == found, sourceLocation: location)
  }

  @Test("Every byte is allowed or refused as in other plain text, at every place of references of every length")
  func everyByte() {
    var different: [[UInt8]] = []
    for length in 1...64 {
      for position in 0..<length where length % 7 == 0 || length > 61 || position == length - 1 || position % 8 < 2 {
        for byte in UInt8.min...UInt8.max {
          var bytes = [UInt8](repeating: 0x6D, count: length)
          bytes[position] = byte
          let found = HoldReference(bytes: bytes)
          if (found != nil) != PlainText.isValid(bytes) || found.map({ $0.bytes != bytes }) == true {
            different.append(bytes)
          }
        }
      }
    }
    #expect(different.isEmpty)
    for byte in UInt8.min...UInt8.max {
      #expect((HoldReference(bytes: [byte]) != nil) == (0x20..<0x7F).contains(byte), "\(byte)")
    }
  }

  @Test("Text of any script is read back unchanged, and bytes that are no text are refused", arguments: [UInt64](1...4))
  func anyText(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0x00...0xFF, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x1_0000...0x10_FFFF,
    ]
    for _ in 0..<3000 {
      var text = String.UnicodeScalarView()
      let kinds = ranges.shuffled(using: &generator).prefix(Int.random(in: 1...2, using: &generator))
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        guard let range = kinds.randomElement(using: &generator),
          let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator))
        else { continue }
        text.append(scalar)
      }
      var bytes = Array(String(text).utf8)
      try expectSame(bytes)
      guard let place = bytes.indices.randomElement(using: &generator) else { continue }
      bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      try expectSame(bytes)
      try expectSame(Array(bytes.prefix(place)))
    }
  }

  @Test("References have 1 to 64 bytes, and compare in the order of their bytes")
  func order() throws {
    #expect(HoldReference("") == nil && HoldReference(bytes: []) == nil)
    for length in [1, 8, 31, 32, 33, 63, 64] { try expectSame([UInt8](repeating: 0x7A, count: length)) }
    #expect(HoldReference(String(repeating: "z", count: 65)) == nil)
    // As many characters, but more bytes.
    #expect(HoldReference(String(repeating: "é", count: 33)) == nil)
    #expect(HoldReference(String(repeating: "é", count: 32))?.count == 64)
    let long = String(repeating: "a", count: 32)
    let texts = [" ", "A", "a", "a ", "aa", long, long + "a", long + "b", "ab", "b", "é", "中", "😀"]
    let references = try texts.map { try #require(HoldReference($0)) }
    #expect(references.shuffled().sorted().map(\.description) == texts)
  }
}

import Ledger
import Primitives
import Testing

@Testing.Suite("Names")
struct NameTests {
  @Test(
    "A name of valid letters and length is accepted and read back unchanged",
    arguments: ["a", "0", "bank-a", "x.y-z.0", "eightlet", "ninechars", String(repeating: "z", count: 32)])
  func taken(text: String) throws {
    let name = try #require(Name(text))
    #expect(name.description == text)
    #expect(name.count == text.utf8.count)
    var writer = Writer()
    name.encode(into: &writer)
    #expect(writer.bytes == [UInt8(text.utf8.count)] + Array(text.utf8))
    #expect(try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try Name(from: &reader) } == name)
  }

  @Test(
    "E4: any other name is refused",
    arguments: [
      "", "A", "-a", ".a", "a/b", "a b", "a_b", "é", "a\u{0}", "abcdefgh\u{0}", "\u{0}", "a`", "a{", "a:", "a,",
      String(repeating: "z", count: 33),
    ])
  func refused(text: String) {
    #expect(Name(text) == nil)
  }

  @Test("Exactly the bytes of the rule are allowed, at every place of a name")
  func everyByte() {
    let first = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let other = first.union("-.".utf8)
    for position in 0..<32 {
      for byte in UInt8.min...UInt8.max {
        for length in Set([position + 1, 32]) {
          var bytes = [UInt8](repeating: UInt8(ascii: "m"), count: length)
          bytes[position] = byte
          #expect((Name(bytes: bytes) != nil) == (position == 0 ? first : other).contains(byte))
        }
      }
    }
  }

  @Test("Names compare in the order of their bytes")
  func order() throws {
    let texts = ["a", "a-", "a.b", "a0", "aa", "b", "bank-a", "bank-aa", "bank-b", "z"]
    let names = try texts.map { try #require(Name($0)) }
    #expect(names.sorted().map(\.description) == texts)
    #expect(names.shuffled().sorted() == names)
  }
}

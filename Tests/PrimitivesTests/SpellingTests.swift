import Primitives
import Testing

@Testing.Suite("One spelling")
struct SpellingTests {
  @Test("Hexadecimal text is lower case, when written and when read")
  func hex() {
    #expect(Hex.decode("00ff") == [0, 255])
    for text in ["00FF", "0", "0g", "0x00", " 00"] { #expect(Hex.decode(text) == nil, "\(text)") }
    #expect(Digest(hex: String(repeating: "A", count: 64)) == nil)
    #expect(PublicKey(hex: String(repeating: "A", count: 66)) == nil)
    #expect(Signature(hex: String(repeating: "A", count: 128)) == nil)
  }
}

import Primitives
import Testing

@Testing.Suite("Quoted input")
struct QuotingTests {
  @Test("A short text is quoted as it is")
  func short() {
    #expect("".quoted == "''")
    #expect("bank-a/main".quoted == "'bank-a/main'")
    #expect("ünï".quoted == "'ünï'")
    #expect(String(repeating: "x", count: 200).quoted == "'\(String(repeating: "x", count: 200))'")
  }

  @Test("A long text is shown by its beginning and its length, even if it is one single character")
  func long() {
    let text = String(repeating: "x", count: 60_000)
    #expect(text.quoted == "'\(text.prefix(200))…' (60000 bytes)")
    let accents = "e" + String(repeating: "\u{301}", count: 30_000)
    #expect(accents.quoted.utf8.count < 240)
    #expect(String(repeating: "🏦", count: 51).quoted.hasSuffix("…' (204 bytes)"))
  }

  @Test("Characters that would break a line or control a terminal are escaped")
  func control() {
    #expect("a\nb\u{1B}[2J".quoted == "'a\\u{a}b\\u{1b}[2J'")
    #expect("\u{202E}abc".quoted == "'\\u{202e}abc'")
    #expect("\u{2028}".quoted == "'\\u{2028}'")
  }
}

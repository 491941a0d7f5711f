import Ledger
import Primitives
import Testing

@Testing.Suite("Account names")
struct AccountNameTests {
  static let longOwner = String(repeating: "m", count: 32)

  @Test(
    "The owner is the part before the first slash",
    arguments: [
      ("bank-a", "bank-a"), ("bank-a/cash", "bank-a"), ("a/b/c.d-e/0", "a"), ("sevenxx/x", "sevenxx"),
      ("eightxxx/x", "eightxxx"), ("eightxxx", "eightxxx"), (longOwner, longOwner), (longOwner + "/x", longOwner),
      (longOwner + "/" + String(repeating: "p", count: 31), longOwner),
    ])
  func owners(text: String, owner: String) throws {
    let account = try #require(AccountName(text))
    #expect(account.description == text)
    #expect(account.count == text.utf8.count)
    #expect(account.owner.description == owner)
    var writer = Writer()
    account.encode(into: &writer)
    let read = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try AccountName(from: &reader) }
    #expect(read == account)
    #expect(read.hashValue == account.hashValue)
  }

  @Test(
    "E4: a second spelling of a path, or any other character, is refused",
    arguments: [
      "", "/", "/a", "a/", "a//b", "a/.", "a/..", "a/../b", "a/-b", "sevenxx/", "eightxxx/", "a/b/", "A/b", "a/B",
      "a/b c", "a\\b", longOwner + "m", longOwner + "m/x", longOwner + "/" + String(repeating: "p", count: 32),
      String(repeating: "a/", count: 32), "sevenxx/-", "sevenxx//x", "eightxxx//x",
    ])
  func refused(text: String) {
    #expect(AccountName(text) == nil)
  }

  @Test("Random byte strings are accepted exactly if the written rule accepts them")
  func againstPlainRule() {
    var random = SeededGenerator(seed: 7)
    let letters = Array("ab0.-//".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...66, using: &random)).map { _ in
        Int.random(in: 0..<40, using: &random) == 0
          ? UInt8.random(in: 0...255, using: &random) : letters[Int.random(in: 0..<letters.count, using: &random)]
      }
      #expect((AccountName(bytes: bytes) != nil) == Self.plainRule(bytes))
      let padded = bytes.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "x") : $0 }
      #expect((AccountName(bytes: padded) != nil) == Self.plainRule(padded))
    }
  }

  static func plainRule(_ bytes: [UInt8]) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 64 else { return false }
    let segments = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard segments[0].count <= 32 else { return false }
    let starts = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    return segments.allSatisfy { segment in
      guard let first = segment.first, starts.contains(first) else { return false }
      return segment.allSatisfy { starts.contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }
  }
}

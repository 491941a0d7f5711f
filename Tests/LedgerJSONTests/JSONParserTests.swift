import LedgerJSON
import Testing

@Testing.Suite("JSON text")
struct JSONParserTests {
  private func parse(_ text: String) throws(DocumentError) -> JSONValue {
    try JSONParser.parse(Array(text.utf8), document: "x.json")
  }

  @Test("Refused text is quoted only in part, however it is written")
  func quoting() throws {
    let long = String(repeating: "x", count: 60_000)
    let marks = "a" + String(repeating: "\u{301}", count: 30_000)
    for text in ["{\"\(long)\":1,\"\(long)\":2}", "{\"\(marks)\":1,\"\(marks)\":2}", "{\"\(long)\" 1}"] {
      #expect(try refusal { try parse(text) }.explanation.utf8.count < 400)
    }
    for text in ["[{\"kind\":\"\(marks)\"}]", "[{\"kind\":\"account.freeze\",\"account\":\"\(marks)\"}]"] {
      let error = try refusal {
        try OperationsDocument(Array(text.utf8), document: "x.json").operations { _ in 2 }
      }
      #expect(error.explanation.utf8.count < 800, "\(error.code)")
    }
  }

  @Test("Every kind of value is read")
  func values() throws {
    #expect(
      try parse(" {\"a\":[1,-2.5e+3,true,false,null,\"x\"],\"b\":{}}\n")
        == .object([
          "a": .array([.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null, .string("x")]),
          "b": .object([:]),
        ]))
  }

  @Test("A number keeps all its digits")
  func digits() throws {
    let text = "340282366920938463463374607431768211455"
    #expect(try parse(text) == .number(text))
  }

  @Test("Escapes are read as the characters they stand for")
  func escapes() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\té€😀""#) == .string("\"\\/\u{8}\u{c}\n\r\té€😀"))
    #expect(try parse(#""\u00e9\u20AC\ud83d\ude00""#) == .string("é€😀"))
  }

  @Test(
    "E4, N1: text that is not JSON is refused with its place",
    arguments: [
      ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("{\"a\" 1}", 1, 6), ("[1 2]", 1, 4),
      ("01", 1, 2), ("-", 1, 2), ("1.", 1, 3), ("1e", 1, 3), ("+1", 1, 1), (".5", 1, 1), ("NaN", 1, 1), ("tru", 1, 1),
      ("1 2", 1, 3), ("\"a", 1, 1), ("\"\u{1}\"", 1, 2), ("\"\\x\"", 1, 3), ("\"\\ud800\"", 1, 8),
      ("\"\\udc00\"", 1, 8), ("\"\\ud83d\\u0041\"", 1, 14), ("\"\\u12\"", 1, 4), ("{\n  \"a\": 1,\n  \"a\": 2}", 3, 3),
      ("{1:2}", 1, 2), ("'a'", 1, 1), ("\u{FEFF}1", 1, 1),
    ])
  func refused(text: String, line: Int, column: Int) throws {
    let error = try refusal { try parse(text) }
    guard case .syntax(line, column, _) = error.fault else {
      Issue.record("\(error.explanation)")
      return
    }
    #expect(error.code == "json.syntax")
    #expect(error.explanation.hasPrefix("x.json: line \(line), column \(column): "))
  }

  @Test(
    "Bytes that are not UTF-8 are refused, including over-long forms",
    arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]])
  func encoding(bytes: [UInt8]) throws {
    let error = try refusal {
      try JSONParser.parse([0x22] + bytes + [0x22], document: "x.json")
    }
    #expect(error.explanation == "x.json: line 1, column 1: the string is not well-formed UTF-8")
  }

  @Test("N2: deep nesting is refused before it fills the stack")
  func nesting() throws {
    func nested(_ depth: Int, around text: String) -> String {
      String(repeating: "[", count: depth) + text + String(repeating: "]", count: depth)
    }
    // What is in the innermost array is nested, too.
    let allowed = JSONParser.maximumDepth - 1
    for text in ["1", "[]", "{}", "\"\""] { _ = try parse(nested(allowed, around: text)) }
    for text in ["[1]", "[[]]", "{\"a\":1}", String(repeating: "[", count: 1_000_000)] {
      let error = try refusal { try parse(nested(allowed, around: text)) }
      #expect(error.explanation.contains("values are nested more than \(JSONParser.maximumDepth) deep"))
    }
  }

  @Test("A value that is written and read again is the same, in one form")
  func roundTrip() throws {
    let value = JSONValue.object([
      "b": .string("\"\\\n\r\t\u{1}é😀/"), "a": .array([.integer(UInt128.max), .null, .bool(false)]), "c": .object([:]),
    ])
    #expect(
      String(decoding: JSONWriter.compact(value), as: UTF8.self)
        == #"{"a":[340282366920938463463374607431768211455,null,false],"b":"\"\\\n\r\t\u0001é😀/","c":{}}"#)
    #expect(try JSONParser.parse(JSONWriter.compact(value), document: "") == value)
    #expect(try JSONParser.parse(JSONWriter.pretty(value), document: "") == value)
  }
}

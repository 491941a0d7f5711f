internal import Primitives

/// Reads JSON text (RFC 8259), strictly: one value, well-formed UTF-8, no repeated keys, bounded nesting.
///
/// The platform's decoder accepts repeated keys and converts numbers to floating point. Neither is acceptable for
/// files and requests that move money.
package struct JSONParser {
  /// The maximum nesting of values, the outermost being the first. The documents of this module need six levels.
  package static let maximumDepth = 32

  private let bytes: [UInt8]
  private let document: String
  private var position = 0

  /// Parses `bytes` as one value. Errors refer to the document as `document`, which is a file's name or `request
  /// body`.
  package static func parse(_ bytes: [UInt8], document: String) throws(DocumentError) -> JSONValue {
    var parser = JSONParser(bytes: bytes, document: document)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.fault("there is text after the end of the JSON value") }
    return value
  }

  private init(bytes: [UInt8], document: String) {
    self.bytes = bytes
    self.document = document
  }

  private func fault(_ what: String, at position: Int? = nil) -> DocumentError {
    let before = bytes.prefix(position ?? self.position)
    let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return DocumentError(document: document, fault: .syntax(line: line, column: before.count - start + 1, what: what))
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(DocumentError) -> JSONValue {
    guard depth < JSONParser.maximumDepth else {
      throw fault("values are nested more than \(JSONParser.maximumDepth) deep")
    }
    skipSpace()
    guard let byte = next else { throw fault("the text ends where a value is expected") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(DocumentError) -> JSONValue {
    guard bytes[position...].starts(with: text.utf8) else { throw fault("a JSON value is expected") }
    position += text.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(DocumentError) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw fault("a key in quotes is expected") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw fault("a colon is expected after the key \(key.quoted)") }
      let value = try value(depth: depth + 1)
      guard members.updateValue(value, forKey: key) == nil else {
        throw fault("the key \(key.quoted) occurs twice in one object", at: start)
      }
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw fault("a comma or } is expected") }
    }
  }

  private mutating func array(depth: Int) throws(DocumentError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw fault("a comma or ] is expected") }
    }
  }

  private mutating func digits() throws(DocumentError) {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw fault("a JSON value is expected") }
  }

  private mutating func number() throws(DocumentError) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func string() throws(DocumentError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fault("the string is not well-formed UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0..<0x20: throw fault("the string contains an unescaped control character")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault("the string has no closing quote", at: start)
  }

  private mutating func escape(into text: inout [UInt8]) throws(DocumentError) {
    guard let byte = next else { throw fault("the string has no closing quote") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try hexUnit()
      if unit >= 0xD800, unit < 0xDC00 {
        guard take("\\"), take("u") else { throw fault("half of a surrogate pair is missing") }
        let low = try hexUnit()
        guard low >= 0xDC00, low < 0xE000 else { throw fault("half of a surrogate pair is missing") }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw fault("half of a surrogate pair is missing") }
      text.append(contentsOf: String(scalar).utf8)
    default: throw fault("this is not a valid escape sequence", at: position - 1)
    }
  }

  private mutating func hexUnit() throws(DocumentError) -> UInt32 {
    let text = bytes[position...].prefix(4)
    guard text.count == 4, text.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt32(String(decoding: text, as: UTF8.self), radix: 16)
    else { throw fault("four hexadecimal digits are expected") }
    position += 4
    return unit
  }
}

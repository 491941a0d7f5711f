internal import Primitives

/// The attributes of one half of a PKCS #11 URI, decoded.
struct TokenURIParts {
  private var values: [String: [UInt8]] = [:]

  /// - Parameter alsoAllowed: the characters of this half that need no escape, besides those of both (RFC 7512, section 2.3).
  init(
    _ text: Substring, separator: Character, alsoAllowed: String, names: Set<String>
  ) throws(TokenURIFault) {
    guard !text.isEmpty else { return }
    for part in text.split(separator: separator, omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty else { throw .form }
      let name = String(sides[0])
      guard names.contains(name) else { throw .unknown(name) }
      guard values[name] == nil else { throw .repeated(name) }
      values[name] = try Self.decoded(sides[1], name, alsoAllowed)
    }
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  func bytes(_ name: String, limit: Int) throws(TokenURIFault) -> [UInt8]? {
    guard let value = values[name] else { return nil }
    guard (1...limit).contains(value.count) else { throw .length(name, count: value.count, limit: limit) }
    return value
  }

  func text(_ name: String, limit: Int) throws(TokenURIFault) -> String? {
    guard let value = try bytes(name, limit: limit) else { return nil }
    guard let text = String(validating: value, as: UTF8.self),
      // Control characters could never be told apart in a message, and a zero would end a path.
      text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw .text(name) }
    return text
  }

  private static func decoded(
    _ text: Substring, _ name: String, _ alsoAllowed: String
  ) throws(TokenURIFault) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
        guard let value = Hex.decode(digits), let first = value.first else { throw .escape(name) }
        bytes.append(first)
        rest = rest.dropFirst(2)
        continue
      }
      let character = Character(UnicodeScalar(byte))
      guard byte < 0x80,
        character.isLetter || character.isNumber || "-._~:[]@!$'()*+,=".contains(character)
          || alsoAllowed.contains(character)
      else { throw .character(name) }
      bytes.append(byte)
    }
    return bytes
  }
}

/// Hexadecimal text in lower case, so that each value has exactly one spelling.
public enum Hex {
  private static let digits: [UInt8] = Array("0123456789abcdef".utf8)

  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { text in
      var place = 0
      for byte in bytes {
        text[place] = digits[Int(byte >> 4)]
        text[place + 1] = digits[Int(byte & 15)]
        place += 2
      }
      return place
    }
  }

  /// The bytes of `text`. Returns nil if its length is odd or it contains anything but lower-case hexadecimal digits.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    // Works on the UTF-8 bytes: iterating over a generic string takes a call per character.
    var text = String(text)
    return text.withUTF8 { characters in
      guard characters.count.isMultiple(of: 2) else { return nil }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(characters.count / 2)
      for place in stride(from: 0, to: characters.count, by: 2) {
        guard let high = nibble(characters[place]), let low = nibble(characters[place + 1]) else { return nil }
        bytes.append(high << 4 | low)
      }
      return bytes
    }
  }

  private static func nibble(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

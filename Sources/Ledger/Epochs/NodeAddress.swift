internal import Primitives

/// The address of a node, `host:port`.
enum NodeAddress {
  /// Reads an address, which must be visible ASCII of at most `Limits.addressBytes` bytes.
  static func text(_ reader: inout Reader) throws(CodecError) -> String { try range(&reader).text(in: reader.span) }

  /// Moves past an address.
  static func range(_ reader: inout Reader) throws(CodecError) -> ByteRange {
    let range = try reader.textRange(limit: Limits.addressBytes, "address")
    let address = reader.span.extracting(range.start..<range.end)
    guard address.withUnsafeBytes({ isValid($0) }) else { throw .invalid(field: "address (host:port)") }
    return range
  }

  /// Whether `text` would be read as an address.
  static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count <= Limits.addressBytes && bytes.withUnsafeBytes { isValid($0) }
  }

  /// Whether `bytes` are visible ASCII and consist of a host, a colon and a port from 1 to 65535 without leading zeros.
  private static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > 0,
      bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return false }
    let digits = bytes[(colon + 1)...]
    guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0") else { return false }
    var port = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return false }
      port = port * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return port <= 65535
  }
}

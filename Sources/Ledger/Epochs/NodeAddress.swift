internal import Primitives

/// The address of a node, `host:port`.
enum NodeAddress {
  /// Reads an address, which must be visible ASCII of at most `Limits.addressBytes` bytes.
  static func text(_ reader: inout Reader) throws(CodecError) -> String {
    let address = try reader.textRange(limit: Limits.addressBytes, "address").text(in: reader.span)
    guard isValid(address) else { throw .invalid(field: "address (host:port)") }
    return address
  }

  /// Whether `address` is visible ASCII and consists of a host, a colon and a port from 1 to 65535 without leading
  /// zeros.
  private static func isValid(_ address: String) -> Bool {
    let bytes = Array(address.utf8)
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

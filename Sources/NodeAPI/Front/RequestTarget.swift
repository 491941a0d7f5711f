/// The target of a request. Every path has exactly one spelling, so that a proxy that watches or filters requests in
/// front of a node sees what the node sees: no empty segment, no `.` or `..`, nothing encoded that need not be, and
/// upper-case hexadecimal digits where something must be encoded.
struct RequestTarget {
  /// The segments between the slashes, as they were sent.
  let segments: [Substring]
  /// Whether a segment contains an encoded byte.
  let isEncoded: Bool

  /// Returns nil if the text is not a path, or not in its only spelling.
  init?(_ text: String) {
    guard text.utf8.first == UInt8(ascii: "/"), !text.utf8.contains(UInt8(ascii: "#")) else { return nil }
    let path = text.prefix { $0 != "?" }
    guard let isEncoded = RequestTarget.encoding(of: path) else { return nil }
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
    self.segments = segments
    self.isEncoded = isEncoded
  }

  /// Whether bytes of the path are encoded; nil if a byte is not encoded but should be, or the reverse.
  private static func encoding(of path: Substring) -> Bool? {
    var isEncoded = false
    var rest = path.utf8[...]
    while let byte = rest.popFirst() {
      if isUnreserved(byte) || isDelimiter(byte) { continue }
      guard byte == UInt8(ascii: "%"), let high = rest.popFirst().flatMap(digit),
        let low = rest.popFirst().flatMap(digit),
        !isUnreserved(high << 4 | low)
      else { return nil }
      isEncoded = true
    }
    return isEncoded
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// RFC 3986: characters that never need to be encoded.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// RFC 3986: the other characters that a path may contain.
  private static func isDelimiter(_ byte: UInt8) -> Bool { "/!$&'()*+,;=:@".utf8.contains(byte) }
}

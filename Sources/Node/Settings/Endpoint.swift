/// A host name or address and a TCP port, written `host:port`; an IPv6 address is in brackets, as in URLs.
package struct Endpoint: Hashable, Sendable {
  package var host: String
  package var port: Int

  package static let ports = 1...65535
  /// Bytes of a host name (RFC 1035, section 2.3.4).
  static let hostBytes = 253

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Nil if `text` does not have this form, or if a part of it is invalid.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let written = text[..<colon]
    // An IPv6 address without brackets has no clear end.
    guard written.hasPrefix("[") || !written.contains(":"), let host = Endpoint.host(written) else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count), digits.first != "0",
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = Int(digits), Endpoint.ports.contains(port)
    else { return nil }
    self.init(host: host, port: port)
  }

  /// The host name or address in `text`; nil if it is neither. An IPv6 address may be in brackets; the result has none.
  static func host(_ text: some StringProtocol) -> String? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return isHost(text) ? String(text) : nil }
    let address = text.dropFirst().dropLast()
    return address.contains(":") && isHost(address) ? String(address) : nil
  }

  /// Whether `text` can be a host name or an address; an IPv6 address is without brackets.
  private static func isHost(_ text: some StringProtocol) -> Bool {
    guard (1...hostBytes).contains(text.utf8.count) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: ":"), UInt8(ascii: "%"):
        true
      default: false
      }
    }
  }

  /// Whether only this machine can reach the endpoint. Unusual spellings of loopback addresses count as reachable by
  /// others, to be on the safe side.
  package var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

extension Endpoint: CustomStringConvertible {
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

internal import NIOCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The address of the other side of a connection, without its port.
struct RemoteHost: Hashable, Sendable {
  /// 4 or 16 bytes. An IPv4 address that is written as one of IPv6 has 4.
  private let bytes: [UInt8]

  /// Nil for an address that is none of IP.
  init?(_ address: SocketAddress) {
    guard let text = address.ipAddress else { return nil }
    self.init(text)
  }

  /// Nil for a text that is no IP address, such as a name.
  init?(_ text: String) {
    var four = [UInt8](repeating: 0, count: 4)
    var sixteen = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = four
    } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
      let isMapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
      bytes = isMapped ? Array(sixteen[12...]) : sixteen
    } else {
      return nil
    }
  }

  /// What one stranger can have many of counts as one: all addresses that share the first 64 bits, with IPv6.
  var network: RemoteHost { RemoteHost(bytes: bytes.count == 4 ? bytes : Array(bytes[..<8])) }

  private init(bytes: [UInt8]) { self.bytes = bytes }
}

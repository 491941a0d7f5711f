internal import NIOCore

/// The client whose connections are counted together: an IPv4 address, or the 64-bit network that an IPv6 host has to
/// itself.
struct ClientAddress: Hashable, Sendable, CustomStringConvertible {
  let description: String
  let isLoopback: Bool

  init(_ address: SocketAddress?) {
    guard let address, let text = address.ipAddress else {
      self.init(description: "unknown", isLoopback: false)
      return
    }
    guard case .v6 = address else {
      self.init(description: text, isLoopback: text.hasPrefix("127."))
      return
    }
    let bytes = ClientAddress.bytes(of: address)
    // An IPv4 client of a socket that accepts both versions.
    if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
      self.init(description: bytes[12...].map(String.init).joined(separator: "."), isLoopback: bytes[12] == 127)
      return
    }
    let network = stride(from: 0, to: 8, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    self.init(description: network.joined(separator: ":") + "::/64", isLoopback: text == "::1")
  }

  private init(description: String, isLoopback: Bool) {
    self.description = description
    self.isLoopback = isLoopback
  }

  /// The 16 bytes of an IPv6 address.
  private static func bytes(of address: SocketAddress) -> [UInt8] {
    // In the system's structure, they follow family, port and flow.
    address.withSockAddr { pointer, size in Array(UnsafeRawBufferPointer(start: pointer, count: size)[8..<24]) }
  }
}

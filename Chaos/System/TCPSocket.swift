import Foundation

/// Plain TCP sockets that block, by IPv4 address.
enum TCPSocket {
  /// A socket that is connected; nil if nobody listens there. Neither this nor a later call on it takes longer than
  /// `seconds`, if it is given.
  static func connect(host: String, port: Int, seconds: Int? = nil) -> Int32? {
    open(host, port) { descriptor, address, size in
      if let seconds {
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
          setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
      }
      return Foundation.connect(descriptor, address, size) == 0
    }
  }

  /// A socket that listens; nil if the port is taken. With port 0 the system chooses one.
  static func listen(host: String, port: Int) -> Int32? {
    open(host, port) { descriptor, address, size in
      var isReused: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
      return bind(descriptor, address, size) == 0 && Foundation.listen(descriptor, 128) == 0
    }
  }

  /// The port that a socket has on this side.
  static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = withUnsafeMutableBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &size) == 0 }
    }
    return isKnown ? Int(in_port_t(bigEndian: address.sin_port)) : 0
  }

  /// Sends all bytes. Returns false if the connection has ended.
  static func send(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { part in
        Foundation.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func open(
    _ host: String, _ port: Int, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isUsable =
      inet_pton(AF_INET, host, &address.sin_addr) == 1
      && withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(descriptor, $0, size) }
      }
    if isUsable { return descriptor }
    close(descriptor)
    return nil
  }
}

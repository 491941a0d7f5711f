import Foundation

/// Checks whether TCP ports of this machine are free.
enum PortCheck {
  /// The first of `ports` that is in use at 127.0.0.1, or nil if all are free.
  static func firstBusy(_ ports: [Int]) -> Int? { ports.first { !isFree($0) } }

  static func isFree(_ port: Int) -> Bool {
    #if canImport(Glibc) || canImport(Musl)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Servers set this too, so lingering connections of an earlier run do not count.
    var reuse: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    // With SO_REUSEADDR, two sockets may be bound to one port, but only one may listen.
    return bound == 0 && listen(descriptor, 1) == 0
  }
}

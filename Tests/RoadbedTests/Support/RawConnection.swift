import Foundation

/// A TCP connection of a hostile client, which sends anything and reads at any time.
final class RawConnection {
  private(set) var descriptor: Int32
  private(set) var received: [UInt8] = []

  /// `window` limits the bytes that the system receives before they are read.
  init(port: Int, window: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw RawHTTP.NoAnswer(text: "no socket: \(errno)") }
    if var window { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size)) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      let reason = errno
      close()
      throw RawHTTP.NoAnswer(text: "no connection: \(reason)")
    }
  }

  /// Connects to a Unix socket.
  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw RawHTTP.NoAnswer(text: "no socket: \(errno)") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      let reason = errno
      close()
      throw RawHTTP.NoAnswer(text: "no connection: \(reason)")
    }
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { _ = Foundation.close(descriptor) }
    descriptor = -1
  }

  /// Closes this side's sending direction; the other side's bytes can still be read.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends bytes. Returns false if the other side accepts no more.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Returns what has arrived once `isEnough` returns true, the other side has closed, or the time is up.
  @discardableResult
  func receive(seconds: Double = 10, until isEnough: ((String) -> Bool)? = nil) -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var buffer = [UInt8](repeating: 0, count: 65536)
    while !(isEnough?(text) ?? false), ContinuousClock.now < deadline {
      guard isReadable(seconds: 0.1) else { continue }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return text
  }

  var text: String { String(decoding: received, as: UTF8.self) }

  /// Whether the other side closes within the time. Bytes that arrive before that are kept.
  func isClosed(within seconds: Double) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var buffer = [UInt8](repeating: 0, count: 65536)
    while ContinuousClock.now < deadline {
      guard isReadable(seconds: 0.1) else { continue }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return true }
      received += buffer[..<count]
    }
    return false
  }

  private func isReadable(seconds: Double) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return Foundation.poll(&poll, 1, Int32(seconds * 1000)) > 0
  }
}

internal import Primitives

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A socket of the machine, closed when nobody uses it any more. The system's calls that both ends need are only here.
final class UnixSocket: Sendable {
  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = systemClose(descriptor) }

  /// What became of a call that did not block.
  enum Outcome: Equatable {
    case bytes(Int)
    case wouldBlock
    case ended
  }

  // MARK: Making one

  /// Connects to a path. Reads and writes fail after the time-out.
  static func connected(to path: String, milliseconds: UInt64) throws(SignerError) -> UnixSocket {
    let socket = try made(path)
    socket.setPatience(milliseconds)
    let status = try withAddress(path) { systemConnect(socket.descriptor, $0, $1) }
    guard status == 0 else { throw .unreachable(path: path, reason: systemText(errno)) }
    return socket
  }

  /// Listens at a path, at which a socket of a process that ended may be left. Only the user may connect.
  static func listening(at path: String) throws(SignerError) -> UnixSocket {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFSOCK else {
        throw .unreachable(path: path, reason: "something else than a socket is there")
      }
      if try hasListener(path) { throw .unreachable(path: path, reason: "another process listens there") }
      unlink(path)
    }
    let socket = try made(path)
    // Nobody else may connect even before the mode is set.
    let mask = umask(0o177)
    let bound = try withAddress(path) { systemBind(socket.descriptor, $0, $1) }
    let number = errno
    umask(mask)
    guard bound == 0 else { throw .unreachable(path: path, reason: systemText(number)) }
    guard chmod(path, 0o600) == 0, systemListen(socket.descriptor, 16) == 0, socket.setNonBlocking() else {
      throw .unreachable(path: path, reason: systemText(errno))
    }
    return socket
  }

  /// Whether a process listens at the path, which may be too busy to answer.
  private static func hasListener(_ path: String) throws(SignerError) -> Bool {
    let socket = try made(path)
    guard socket.setNonBlocking() else { return true }
    let status = try withAddress(path) { systemConnect(socket.descriptor, $0, $1) }
    return status == 0 || (errno != ECONNREFUSED && errno != ENOENT)
  }

  private static func made(_ path: String) throws(SignerError) -> UnixSocket {
    #if os(Linux)
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw .unreachable(path: path, reason: systemText(errno)) }
    return UnixSocket(descriptor)
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(SignerError) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard bytes.count <= room, !bytes.isEmpty, !bytes.contains(0) else {
      throw .unreachable(path: path, reason: "the path of a socket has 1 to \(room) bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Lets reads and writes fail after a time.
  func setPatience(_ milliseconds: UInt64) {
    var time = timeval()
    time.tv_sec = .init(milliseconds / 1000)
    time.tv_usec = .init(milliseconds % 1000 * 1000)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  func setNonBlocking() -> Bool {
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0
  }

  // MARK: Using one

  /// What became of an attempt to take a connection.
  enum Arrival {
    case connection(UnixSocket)
    case nobody
    /// The process or the system has no descriptor or memory for it, with the system's text.
    case noRoom(String)
  }

  /// The next connection.
  func arrival() -> Arrival {
    while true {
      let number = accept(descriptor, nil, nil)
      guard number >= 0 else {
        switch errno {
        case EINTR, ECONNABORTED: continue
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .noRoom(systemText(errno))
        default: return .nobody
        }
      }
      let socket = UnixSocket(number)
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      return socket.setNonBlocking() ? .connection(socket) : .nobody
    }
  }

  /// Which file is at a path, for comparison; nil if none is.
  static func file(at path: String) -> [UInt64]? {
    var status = stat()
    return lstat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
  }

  /// The user whose process is at the other end.
  var peerUser: UInt32? {
    #if os(Linux)
      // The process, the user and the group, as the kernel saw them when the connection was made.
      var credentials: (Int32, UInt32, UInt32) = (0, .max, .max)
      var length = socklen_t(12)
      guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
      return credentials.1
    #else
      var (user, group) = (uid_t(), gid_t())
      return getpeereid(descriptor, &user, &group) == 0 ? user : nil
    #endif
  }

  static var ownUser: UInt32 { geteuid() }

  func read(into buffer: inout [UInt8], atMost count: Int) -> Outcome {
    while true {
      let done = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, min(count, $0.count), 0) }
      if done < 0, errno == EINTR { continue }
      return outcome(done)
    }
  }

  func write(_ bytes: ArraySlice<UInt8>) -> Outcome {
    while true {
      let done = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if done < 0, errno == EINTR { continue }
      return outcome(done)
    }
  }

  private func outcome(_ done: Int) -> Outcome {
    if done > 0 { return .bytes(done) }
    return done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .wouldBlock : .ended
  }
}

/// The system's message for an `errno`.
func systemText(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }

/// The system calls whose names the methods above hide.
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  connect(descriptor, address, length)
}

private func systemBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  bind(descriptor, address, length)
}

private func systemListen(_ descriptor: Int32, _ backlog: Int32) -> Int32 { listen(descriptor, backlog) }

internal import Primitives

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The file, or standard error, that a node's log messages go to.
///
/// Only the thread of `MessageWriter` uses it.
struct MessageFile: ~Copyable {
  private let path: String?
  private var descriptor: Int32

  /// - Parameter path: nil for standard error.
  init(path: String?) throws(NodeError) {
    self.path = path
    descriptor = try path.map(Self.append) ?? STDERR_FILENO
  }

  deinit { if descriptor > STDERR_FILENO { _ = close(descriptor) } }

  private static func append(to path: String) throws(NodeError) -> Int32 {
    // With O_NONBLOCK, opening a pipe without a reader fails instead of blocking.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0, fcntl(descriptor, F_SETFL, O_APPEND) == 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    return descriptor
  }

  /// Continues in the file that is now at the path. Standard output and error follow if they pointed to the previous
  /// file, so that crash messages go there too. On an error nothing changes.
  /// - Returns: whether there is a path.
  mutating func reopen() throws(NodeError) -> Bool {
    guard let path else { return false }
    let new = try Self.append(to: path)
    let old = Identity(descriptor)
    for standard in [STDOUT_FILENO, STDERR_FILENO] where Identity(standard) == old { dup2(new, standard) }
    _ = close(descriptor)
    descriptor = new
    return true
  }

  /// Writes all of `bytes`, however long that takes; false if writing failed.
  func write(_ bytes: [UInt8]) -> Bool { Descriptor.write(bytes, to: descriptor) == nil }

  /// The file that a descriptor refers to.
  private struct Identity: Equatable {
    var device: UInt64
    var number: UInt64

    init?(_ descriptor: Int32) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }
}

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps other processes out of a directory for as long as this value lives.
///
/// This is an advisory lock on a file, `LOCK` in the directory unless another path is given. The file contains the
/// owner's process number for people to read. The system releases the lock when the process ends, so there is nothing
/// to clean up after a crash. If the file system is shared between machines, the lock may not reach across them: the
/// check on the node's own key (C9) covers that case.
package struct DirectoryLock: ~Copyable, Sendable {
  package static let file = "LOCK"
  private let descriptor: Int32

  package init(directory: String) throws(DirectoryLockError) {
    try self.init(path: "\(directory)/\(DirectoryLock.file)")
  }

  package init(path: String) throws(DirectoryLockError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .disk(DiskError(.lock, path: path, errno: errno)) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let number = errno
      if number == EINTR { continue }
      let owner = DirectoryLock.owner(descriptor)
      _ = close(descriptor)
      if number == EWOULDBLOCK { throw .held(path: path, owner: owner) }
      throw .disk(DiskError(.lock, path: path, errno: number))
    }
    let text = Array("\(getpid())\n".utf8)
    // The number is only for people to read: the lock does not depend on it.
    if ftruncate(descriptor, 0) == 0 { _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } }
    self.descriptor = descriptor
  }

  deinit { _ = close(descriptor) }

  private static func owner(_ descriptor: Int32) -> Int32? {
    var text = [UInt8](repeating: 0, count: 16)
    let count = text.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    return Int32(String(decoding: text[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}

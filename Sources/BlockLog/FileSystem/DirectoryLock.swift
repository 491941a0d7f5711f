import Primitives

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps a second process out of a directory, for as long as this value lives.
///
/// An advisory lock on a file, `LOCK` in the directory if no other is chosen, which holds the owner's process number for people. The system drops
/// the lock with the process, so nothing is left to clean up after a crash. Where the file system is shared
/// between machines the lock may not reach across them: that case is for the check on one's own key (C9).
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
    // Only for people: the lock holds without it.
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

package enum DirectoryLockError: Error, Hashable, Sendable {
  /// Another process works in the directory; its number, if it could be read.
  case held(path: String, owner: Int32?)
  case disk(DiskError)
}

extension DirectoryLockError: ExplainedError {
  package var code: String {
    switch self {
    case .held: "disk.locked"
    case .disk(let error): error.code
    }
  }

  package var explanation: String {
    switch self {
    case .held(let path, let owner):
      "another process\(owner.map { " (pid \($0))" } ?? "") has locked \(path)"
    case .disk(let error): error.explanation
    }
  }

  package var nextStep: String {
    switch self {
    case .held(_, let owner):
      "stop that process\(owner.map { " (pid \($0))" } ?? "") first, or start this node with its own directory"
    case .disk(let error): error.nextStep
    }
  }
}

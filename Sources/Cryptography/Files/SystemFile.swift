internal import Primitives

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The few file operations that key and certificate files need.
package enum SystemFile {
  /// The length of the longest file that is read, in bytes: many times that of any key or certificate.
  static let maximumByteCount = 64 * 1024

  /// Reads the whole file. If `isPrivate` is set, a file on which anyone but its owner has any right is refused.
  package static func read(_ path: String, isPrivate: Bool) throws(CryptoError) -> SecretBuffer {
    // O_NONBLOCK, so that a named pipe is refused instead of blocking.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .file(path: path, fault: errno == ENOENT ? .missing : .system(operation: "open it", code: errno))
    }
    defer { close(descriptor) }
    var status = stat()
    // Checks the open file, so that it cannot be replaced between the check and the reading.
    guard fstat(descriptor, &status) == 0 else {
      throw .file(path: path, fault: .system(operation: "read its mode", code: errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .file(path: path, fault: .kind) }
    let mode = UInt32(status.st_mode) & 0o7777
    guard !isPrivate || mode & 0o077 == 0 else { throw .file(path: path, fault: .tooOpen(mode: mode)) }
    var buffer = SecretBuffer(capacity: min(max(0, Int(status.st_size)), maximumByteCount) + 1)
    try fill(&buffer, descriptor, path)
    guard buffer.free.isEmpty else { return buffer }
    // It is longer than it was said to be, or grew meanwhile.
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw .file(path: path, fault: .system(operation: "read it", code: errno))
    }
    buffer = SecretBuffer(capacity: maximumByteCount + 1)
    try fill(&buffer, descriptor, path)
    guard !buffer.free.isEmpty else { throw .file(path: path, fault: .tooLong(limit: maximumByteCount)) }
    return buffer
  }

  /// Reads until the buffer is full or the file ends.
  private static func fill(
    _ buffer: inout SecretBuffer, _ descriptor: Int32, _ path: String
  ) throws(CryptoError) {
    while !buffer.free.isEmpty {
      let free = buffer.free
      let count = systemRead(descriptor, free.baseAddress, free.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .file(path: path, fault: .system(operation: "read it", code: errno)) }
      if count == 0 { return }
      buffer.advance(count)
    }
  }

  /// Creates a new file, which is on disk together with its directory entry when this method returns. Never
  /// overwrites.
  static func create(_ path: String, _ bytes: UnsafeRawBufferPointer, mode: UInt32) throws(CryptoError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else {
      throw .file(path: path, fault: errno == EEXIST ? .exists : .system(operation: "create it", code: errno))
    }
    var fault = fill(descriptor, bytes, mode: mode)
    if close(descriptor) != 0 && fault == nil { fault = .system(operation: "close it", code: errno) }
    fault = fault ?? syncDirectory(of: path)
    if let fault {
      // Half a key file would only get in the way of the next attempt.
      unlink(path)
      throw .file(path: path, fault: fault)
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Renames a file, also over another one. The change is on disk when this method returns.
  static func rename(_ path: String, to other: String) throws(CryptoError) {
    guard systemRename(path, other) == 0 else {
      throw .file(path: path, fault: .system(operation: "rename it", code: errno))
    }
    try sync(directoryOf: other)
  }

  /// Makes durable what was renamed or removed in the directory of a file.
  static func sync(directoryOf path: String) throws(CryptoError) {
    if let fault = syncDirectory(of: path) { throw .file(path: path, fault: fault) }
  }

  /// Overwrites a file with zeros and removes it.
  static func destroy(_ path: String) throws(CryptoError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path: path, fault: .system(operation: "open it", code: errno)) }
    var status = stat()
    var fault: FileFault?
    if fstat(descriptor, &status) == 0 {
      let zeros = [UInt8](repeating: 0, count: min(Int(status.st_size), maximumByteCount))
      fault = zeros.withUnsafeBytes { fill(descriptor, $0, mode: UInt32(status.st_mode) & 0o7777) }
    }
    close(descriptor)
    guard unlink(path) == 0 else { throw .file(path: path, fault: .system(operation: "remove it", code: errno)) }
    fault = fault ?? syncDirectory(of: path)
    if let fault { throw .file(path: path, fault: fault) }
  }

  private static func fill(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, mode: UInt32) -> FileFault? {
    // The umask may have removed rights from the mode given to `open`.
    guard fchmod(descriptor, mode_t(mode)) == 0 else { return .system(operation: "set its mode", code: errno) }
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(written))
      let count = systemWrite(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return .system(operation: "write it", code: errno) }
      written += count
    }
    guard fsync(descriptor) == 0 else { return .system(operation: "sync it", code: errno) }
    return nil
  }

  private static func syncDirectory(of path: String) -> FileFault? {
    let directory =
      switch path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      case nil: "."
      case path.utf8.startIndex: "/"
      case .some(let slash): String(path[..<slash])
      }
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return .system(operation: "open its directory", code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { return .system(operation: "sync its directory", code: errno) }
    return nil
  }
}

/// The system calls whose names the methods above hide.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func systemRename(_ path: UnsafePointer<CChar>, _ other: UnsafePointer<CChar>) -> Int32 {
  rename(path, other)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}

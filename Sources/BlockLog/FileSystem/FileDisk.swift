import Primitives
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The files of one directory of the operating system. Besides `DirectoryLock`, this is the only code of this module
/// that does input and output. It may be shared between threads.
package final class FileDisk: Disk, Sendable {
  package enum Access: Sendable {
    case readOnly
    /// Creates the directory (but not its parents) if it does not exist.
    case readWrite
  }

  /// The greatest number of files to keep open. Files with unsynced writes are never closed to make room, because
  /// closing a file early can lose the report of a failed write.
  package static let openFiles = 16

  /// Closed when nobody uses it any more: another thread may close a file in the middle of a read, and the system may
  /// give its number to the next file.
  private final class Descriptor: Sendable {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { _ = close(number) }

    /// The end of a use. Without it, the descriptor may be closed as soon as its number has been read.
    func endUse() { withExtendedLifetime(self) {} }
  }

  private struct OpenFile {
    let descriptor: Descriptor
    /// The number of writes, including the creation, and how many of them the last sync covers.
    var written: UInt64
    var synced: UInt64 = 0
  }

  package let path: String
  private let access: Access
  private let directory: Int32
  private let files = Mutex<[String: OpenFile]>([:])

  package init(path: String, access: Access = .readWrite) throws(DiskError) {
    if access == .readWrite, mkdir(path, 0o700) != 0, errno != EEXIST {
      throw DiskError(.create, path: path, errno: errno)
    }
    let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw DiskError(.open, path: path, errno: errno) }
    self.path = path
    self.access = access
    self.directory = directory
  }

  deinit { _ = close(directory) }

  // MARK: Names

  package func list() throws(DiskError) -> [String] {
    // Use a second descriptor: closedir closes the one it is given, and the read position belongs to it.
    let descriptor = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DiskError(.list, path: path, errno: errno) }
    guard let stream = fdopendir(descriptor) else {
      let number = errno
      _ = close(descriptor)
      throw DiskError(.list, path: path, errno: number)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw DiskError(.list, path: path, errno: errno) }
        return names.sorted()
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  package func create(_ file: String, byteCount: Int) throws(DiskError) {
    let number = openat(directory, file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw DiskError(.create, path: path(of: file), errno: errno) }
    let descriptor = Descriptor(number)
    defer { descriptor.endUse() }
    files.withLock { files in
      files[file] = nil
      insert(OpenFile(descriptor: descriptor, written: 1), as: file, into: &files)
    }
    guard byteCount > 0 else { return }
    #if canImport(Darwin)
      while ftruncate(descriptor.number, off_t(byteCount)) != 0 {
        guard errno == EINTR else {
          throw DiskError(.create, path: path(of: file), errno: errno, byteCount: byteCount)
        }
      }
    #else
      // Reserve the space now, so that a full disk shows before anything depends on the file.
      while true {
        let number = posix_fallocate(descriptor.number, 0, off_t(byteCount))
        if number == 0 { return }
        guard number == EINTR else {
          throw DiskError(.create, path: path(of: file), errno: number, byteCount: byteCount)
        }
      }
    #endif
  }

  package func rename(_ file: String, to target: String) throws(DiskError) {
    guard renameat(directory, file, directory, target) == 0 else {
      throw DiskError(.rename, path: path(of: file), errno: errno)
    }
    files.withLock { files in files[target] = files.removeValue(forKey: file) }
  }

  package func remove(_ file: String) throws(DiskError) {
    files.withLock { files in files[file] = nil }
    guard unlinkat(directory, file, 0) == 0 || errno == ENOENT else {
      throw DiskError(.remove, path: path(of: file), errno: errno)
    }
  }

  package func size(of file: String) throws(DiskError) -> Int? {
    var status = stat()
    guard fstatat(directory, file, &status, 0) == 0 else {
      if errno == ENOENT { return nil }
      throw DiskError(.size, path: path(of: file), errno: errno)
    }
    return Int(status.st_size)
  }

  // MARK: Bytes

  package func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int {
    let descriptor = try descriptor(of: file)
    defer { descriptor.endUse() }
    let (count, number) = buffer.withUnsafeMutableBytes { raw -> (Int, Int32) in
      guard let base = raw.baseAddress else { return (0, 0) }
      var done = 0
      while done < raw.count {
        let count = pread(descriptor.number, base + done, raw.count - done, off_t(offset + done))
        if count == 0 { break }
        if count > 0 { done += count } else if errno != EINTR { return (done, errno) }
      }
      return (done, 0)
    }
    guard number == 0 else { throw DiskError(.read, path: path(of: file), errno: number) }
    return count
  }

  package func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError) {
    let descriptor = try descriptor(of: file, writing: true)
    defer { descriptor.endUse() }
    let number = bytes.withUnsafeBytes { raw -> Int32 in
      guard let base = raw.baseAddress else { return 0 }
      var done = 0
      while done < raw.count {
        let count = pwrite(descriptor.number, base + done, raw.count - done, off_t(offset + done))
        // A write of 0 bytes would make this loop endless; it means that the system has no room left.
        if count == 0 { return ENOSPC }
        if count > 0 { done += count } else if errno != EINTR { return errno }
      }
      return 0
    }
    guard number == 0 else {
      throw DiskError(.write, path: path(of: file), errno: number, byteCount: bytes.byteCount)
    }
  }

  /// Never repeated after a failure, not even after EINTR: the system may have forgotten the failed pages, and a second
  /// call would then succeed without them.
  package func sync(_ file: String) throws(DiskError) {
    let descriptor = try descriptor(of: file)
    defer { descriptor.endUse() }
    // What another thread writes meanwhile is not synced.
    let written = files.withLock { $0[file]?.written }
    #if canImport(Darwin)
      // On Darwin, fsync leaves the bytes in the drive's cache.
      let status = fcntl(descriptor.number, F_FULLFSYNC)
    #else
      let status = fdatasync(descriptor.number)
    #endif
    guard status == 0 else { throw DiskError(.sync, path: path(of: file), errno: errno) }
    if let written { files.withLock { $0[file]?.synced = written } }
  }

  package func release(_ file: String) {
    #if !canImport(Darwin)
      guard let descriptor = files.withLock({ $0[file]?.descriptor }) else { return }
      defer { descriptor.endUse() }
      _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_DONTNEED)
    #endif
  }

  /// Creates, writes, syncs and removes a file, so that whatever the system would refuse later it refuses now.
  package func tryToWrite() throws(DiskError) {
    let file = "trial.preparing"
    var failure: DiskError?
    do throws(DiskError) {
      try create(file, byteCount: 0)
      try write(file, at: 0, [1].span.bytes)
      try sync(file)
    } catch { failure = error }
    do throws(DiskError) { try remove(file) } catch { failure = failure ?? error }
    // Report the directory, not the trial file or its few bytes.
    if let failure {
      throw DiskError(failure.operation, path: path, cause: failure.cause, systemText: failure.systemText)
    }
  }

  package func syncDirectory() throws(DiskError) {
    guard fsync(directory) == 0 else { throw DiskError(.sync, path: path, errno: errno) }
  }

  // MARK: Descriptors

  private func path(of file: String) -> String { "\(path)/\(file)" }

  private func descriptor(of file: String, writing: Bool = false) throws(DiskError) -> Descriptor {
    if let known = known(file, writing: writing) { return known }
    let flags = access == .readOnly ? O_RDONLY : O_RDWR
    let number = openat(directory, file, flags | O_CLOEXEC)
    guard number >= 0 else { throw DiskError(.open, path: path(of: file), errno: errno) }
    let opened = Descriptor(number)
    return files.withLock { files in
      // Another thread may have opened it in the meantime.
      if let known = Self.known(file, writing: writing, in: &files) { return known }
      insert(OpenFile(descriptor: opened, written: writing ? 1 : 0), as: file, into: &files)
      return opened
    }
  }

  private func known(_ file: String, writing: Bool) -> Descriptor? {
    files.withLock { Self.known(file, writing: writing, in: &$0) }
  }

  private static func known(_ file: String, writing: Bool, in files: inout [String: OpenFile]) -> Descriptor? {
    guard let known = files[file]?.descriptor else { return nil }
    if writing { files[file]?.written += 1 }
    return known
  }

  private func insert(_ opened: OpenFile, as file: String, into files: inout [String: OpenFile]) {
    if files.count >= FileDisk.openFiles, let idle = files.filter({ $0.value.written == $0.value.synced }).keys.min() {
      files[idle] = nil
    }
    files[file] = opened
  }
}

extension DiskError {
  /// The error for the error number of a system call.
  init(_ operation: Operation, path: String, errno number: Int32, byteCount: Int = 0) {
    let cause: Cause =
      switch number {
      case ENOSPC, EDQUOT: DiskError.hasInodes(path) ? .full : .noInodes
      case EFBIG: .full
      case EMFILE, ENFILE: .noDescriptors
      case EIO: .inputOutput
      case ENOENT, ENOTDIR: .missing
      case EROFS: .readOnly
      case EACCES, EPERM: .denied
      default: .other
      }
    let text = strerror(number).map { String(cString: $0) } ?? "unknown error"
    self.init(operation, path: path, cause: cause, systemText: "\(text) (errno \(number))", byteCount: byteCount)
  }

  /// Whether the file system of a path, which may not exist yet, can hold another file. Some file systems do not count
  /// files.
  private static func hasInodes(_ path: String) -> Bool {
    var status = statvfs()
    var place = path
    while statvfs(place, &status) != 0 {
      guard errno == ENOENT, let slash = place.lastIndex(of: "/"), slash > place.startIndex else { return true }
      place = String(place[..<slash])
    }
    return status.f_files == 0 || status.f_favail > 0
  }
}

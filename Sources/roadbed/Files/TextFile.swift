import Foundation
import Node

/// Reads and writes whole files for commands. `-` is standard input or standard output.
enum TextFile {
  /// The largest file accepted as a document, in bytes: many times what any document needs.
  static let limit = 64 << 20

  /// Reads a file, or standard input if `path` is `-`.
  static func read(_ path: String) throws(CommandError) -> [UInt8] {
    if path == "-" { return try read(STDIN_FILENO, path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .fileMissing(path) }
      throw .fileUnreadable(path, SystemReason.text(errno))
    }
    defer { close(descriptor) }
    return try read(descriptor, path)
  }

  private static func read(_ descriptor: Int32, _ path: String) throws(CommandError) -> [UInt8] {
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw .fileUnreadable(name(path), "it is a directory")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    var bytes: [UInt8] = []
    do {
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
        bytes += chunk
        if bytes.count > limit { break }
      }
    } catch {
      throw .fileUnreadable(name(path), SystemReason.of(error))
    }
    guard bytes.count <= limit else { throw .fileTooLarge(name(path), limit: limit) }
    return bytes
  }

  /// The name of the file in errors.
  static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// Writes the file that an option names. A regular file is replaced atomically, so that readers see either the old
  /// content or the new, and links to it remain; anything else, such as a device or a pipe, is opened and written. With
  /// `isNew`, an existing file is refused.
  static func write(_ bytes: [UInt8], to path: String, isNew: Bool = false) throws(CommandError) {
    switch try FileTarget(path) {
    case .standardOutput: Console.print(bytes)
    case .standardError: Console.writeError(bytes)
    case .file(let file):
      if isNew, Paths.exists(file) { throw .fileExists(path) }
      try replace(file, with: bytes, path)
    case .device: try fill(path, with: bytes)
    }
  }

  /// Refuses what `write` would refuse, as far as can be known in advance. For commands that cannot be undone.
  static func checkWritable(_ path: String) throws(CommandError) {
    guard case .file(let file) = try FileTarget(path) else { return }
    let directory = Paths.directory(of: file)
    guard access(directory, W_OK) == 0 else { throw .fileUnwritable(path, SystemReason.text(errno)) }
  }

  private static func replace(_ file: String, with bytes: [UInt8], _ path: String) throws(CommandError) {
    let directory = Paths.directory(of: file)
    let temporary = Paths.join(directory, ".roadbed-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))")
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .fileUnwritable(path, SystemReason.text(errno)) }
    var status = stat()
    if stat(file, &status) == 0 {
      // Only the superuser may preserve a different owner; any other user becomes the owner of the new file.
      _ = fchown(descriptor, status.st_uid, status.st_gid)
      _ = fchmod(descriptor, status.st_mode & 0o7777)
    }
    var fault = Descriptor.write(bytes, to: descriptor)
    if fault == nil, fsync(descriptor) != 0 { fault = errno }
    if close(descriptor) != 0, fault == nil { fault = errno }
    if fault == nil, rename(temporary, file) != 0 { fault = errno }
    if let fault {
      unlink(temporary)
      throw .fileUnwritable(path, SystemReason.text(fault))
    }
    // Sync the name too: the file may be needed after a power cut.
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    defer { close(folder) }
    guard fsync(folder) == 0 || errno == EINVAL else { throw .fileUnwritable(path, SystemReason.text(errno)) }
  }

  private static func fill(_ path: String, with bytes: [UInt8]) throws(CommandError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .fileUnwritable(path, SystemReason.text(errno)) }
    var fault = Descriptor.write(bytes, to: descriptor)
    if close(descriptor) != 0, fault == nil { fault = errno }
    if let fault { throw .fileUnwritable(path, SystemReason.text(fault)) }
  }
}

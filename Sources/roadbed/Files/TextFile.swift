import Foundation

/// Whole files that a command reads or writes.
enum TextFile {
  /// Bytes of the longest file that is taken for a document: many times what any of them needs.
  static let limit = 64 << 20

  /// Reads a file, or standard input if `path` is `-`.
  static func read(_ path: String) throws(CommandError) -> [UInt8] {
    let handle: FileHandle
    if path == "-" {
      handle = .standardInput
    } else {
      guard Paths.exists(path) else { throw .fileMissing(path) }
      guard !Paths.isDirectory(path) else { throw .fileUnreadable(path, "it is a directory") }
      do {
        handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      } catch {
        throw .fileUnreadable(path, SystemReason.of(error))
      }
    }
    var bytes: [UInt8] = []
    do {
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
        bytes += chunk
        if bytes.count > limit { break }
      }
    } catch {
      throw .fileUnreadable(path, SystemReason.of(error))
    }
    guard bytes.count <= limit else { throw .fileTooLarge(path, limit: limit) }
    return bytes
  }

  /// What errors call the file.
  static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// Writes a file in one step: readers see the old one or the new one. With `isNew` an existing file is refused.
  static func write(_ bytes: [UInt8], to path: String, isNew: Bool = false) throws(CommandError) {
    if isNew, Paths.exists(path) { throw .fileExists(path) }
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .fileUnwritable(path, SystemReason.of(error))
    }
  }
}

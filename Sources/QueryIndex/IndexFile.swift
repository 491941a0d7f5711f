internal import Foundation

/// The files of the index: the database with its write-ahead log, and a mark that says that it was found damaged.
///
/// A file that is certainly an index may be removed, because it can be rebuilt. A file that may be somebody's own,
/// because of a mistyped path, is only moved aside.
struct IndexFile {
  /// The path of the database, with symbolic links resolved. SQLite keeps its companion files beside the file itself,
  /// not beside a link to it, and whatever replaces the index goes there, too; the link remains.
  let path: String

  init(path: String) { self.path = IndexFile.behindLinks(path) }

  private static func behindLinks(_ path: String) -> String {
    var path = path
    // The number of links that systems follow.
    for _ in 0..<40 {
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
      // A relative target is relative to the folder of the link.
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      path = target.hasPrefix("/") ? target : folder + target
    }
    return path
  }

  /// "RBIX", in the header of every index, which distinguishes it from other databases.
  static let applicationID: Int32 = 0x5242_4958

  private enum Kind { case absent, index, other }

  private var companions: [String] { ["-wal", "-shm"] }
  private var damageMark: String { path + ".damaged" }
  private var asidePath: String { path + ".set-aside" }

  /// Why the files can no longer be used as the index; nil if they can.
  func reasonToReplace() throws(QueryIndexError) -> String? {
    if FileManager.default.fileExists(atPath: damageMark) { return "it was found damaged" }
    return try kind() == .other ? "it is not a query index" : nil
  }

  /// Makes the next start replace the index. This is best effort: a failing disk may refuse it, and then the next start
  /// finds the damage again.
  func markDamaged() { _ = FileManager.default.createFile(atPath: damageMark, contents: nil) }

  /// Removes an index; moves aside a file that may not be one.
  func discard() throws(QueryIndexError) {
    let files = FileManager.default
    let isIndex = try kind() == .index
    do {
      for suffix in companions + [""] {
        guard files.fileExists(atPath: path + suffix) else { continue }
        if !isIndex {
          if files.fileExists(atPath: asidePath + suffix) { try files.removeItem(atPath: asidePath + suffix) }
          try files.moveItem(atPath: path + suffix, toPath: asidePath + suffix)
        } else {
          try files.removeItem(atPath: path + suffix)
        }
      }
      if files.fileExists(atPath: damageMark) { try files.removeItem(atPath: damageMark) }
    } catch {
      throw .unusable(path: path, reason: error.localizedDescription)
    }
  }

  private func kind() throws(QueryIndexError) -> Kind {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return .absent }
    guard !isDirectory.boolValue else { throw .unusable(path: path, reason: "it is a directory") }
    let header: [UInt8]
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      header = Array(try handle.read(upToCount: 72) ?? Data())
    } catch {
      throw .unusable(path: path, reason: error.localizedDescription)
    }
    // SQLite treats an empty file as a new database, and a start that was cut short may leave one.
    if header.isEmpty { return .absent }
    guard header.count == 72, header.starts(with: Array("SQLite format 3\0".utf8)) else { return .other }
    // https://www.sqlite.org/fileformat.html, section 1.3: a big-endian integer at offset 68.
    let identity = header[68...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return identity == UInt32(bitPattern: IndexFile.applicationID) ? .index : .other
  }
}

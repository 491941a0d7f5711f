import Foundation

/// What the system reports about a node's process, from /proc, and its directory.
struct ProcessFigures: Sendable {
  var residentBytes: Int
  var descriptors: Int
  var threads: Int
  var diskBytes: Int

  /// Nil if the process is gone.
  static func read(pid: Int32, directory: String) -> ProcessFigures? {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
    func field(_ name: String) -> Int? {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
    guard let resident = field("VmRSS"), let threads = field("Threads"),
      let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    else { return nil }
    return ProcessFigures(
      residentBytes: resident * 1024, descriptors: descriptors, threads: threads,
      diskBytes: bytes(under: directory))
  }

  /// The bytes that files occupy on disk, without the parts that are not allocated.
  static func bytes(under directory: String) -> Int {
    var total = 0
    for name in FileManager.default.enumerator(atPath: directory)?.allObjects as? [String] ?? [] {
      var info = stat()
      if stat("\(directory)/\(name)", &info) == 0, info.st_mode & S_IFMT == S_IFREG {
        total += Int(info.st_blocks) * 512
      }
    }
    return total
  }
}

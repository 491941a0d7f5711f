import Foundation
import Testing

/// The files of the repository as Git sees them, without ignored files.
struct Project: Sendable {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The paths of all files, relative to the root.
  let files: Set<String>
  /// All folders that contain one of the files.
  let folders: Set<String>
  let documents: [Document]
  /// All Swift files of the project, with their text.
  let sources: [(path: String, text: String)]

  static let shared = Result { try Project() }

  init() throws {
    files = Set(try Self.listed())
    folders = files.reduce(into: []) { folders, file in
      var parts = file.split(separator: "/").dropLast()
      while !parts.isEmpty {
        folders.insert(parts.joined(separator: "/"))
        parts.removeLast()
      }
    }
    documents = try files.filter { $0.hasSuffix(".md") && !$0.hasPrefix("Tests/") }.sorted()
      .map { Document(path: $0, text: try Self.text($0)) }
    sources = try files.filter { $0.hasSuffix(".swift") }.sorted().map { ($0, try Self.text($0)) }
    try #require(documents.count > 20 && sources.count > 300)
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  func document(_ path: String) throws -> Document { try #require(documents.first { $0.path == path }, "\(path)") }

  func has(_ path: String) -> Bool { files.contains(path) || folders.contains(path) }

  /// Lists tracked files, and new ones that are not ignored. Without Git, as in an unpacked archive, lists all files.
  private static func listed() throws -> [String] {
    let manager = FileManager.default
    if manager.fileExists(atPath: root.appendingPathComponent(".git").path) {
      // The checkout may belong to another user than the one who runs the tests, as in a container.
      let git = ["git", "-c", "safe.directory=*", "-C", root.path]
      let output = try Program.output(
        "/usr/bin/env", git + ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
      // Git still lists files whose removal is not committed yet.
      return output.split(separator: "\0").map(String.init).filter {
        manager.fileExists(atPath: root.appendingPathComponent($0).path)
      }
    }
    return (manager.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []).filter { path in
      !path.hasPrefix(".build") && !root.appendingPathComponent(path).hasDirectoryPath
    }
  }
}

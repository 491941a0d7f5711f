import Foundation

/// Works on paths as users give them.
enum Paths {
  /// `path` relative to `directory`, unless it is absolute.
  static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }

  /// The longest chain of links that is followed; operating systems have a similar limit.
  private static let linkLimit = 40

  /// The absolute path without `.`, `..` and links. If nothing exists there yet, this is where it would be created,
  /// even through a link.
  static func absolute(_ path: String) -> String { absolute(path, links: linkLimit) }

  private static func absolute(_ path: String, links: Int) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let name = Paths.name(of: path)
    guard links > 0, !["", "/", ".", ".."].contains(name) else {
      return URL(fileURLWithPath: path).standardizedFileURL.path
    }
    let directory = absolute(Paths.directory(of: path), links: links - 1)
    let own = join(directory, name)
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: own) else { return own }
    return absolute(join(directory, target), links: links - 1)
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  // These do not use Foundation, whose functions on Linux end the process on a relative path of one character.

  /// The part before the last component, or `.` if there is none.
  static func directory(of path: String) -> String {
    let path = withoutEndingSlashes(path)
    guard let slash = path.lastIndex(of: "/") else { return path == "/" ? "/" : "." }
    let directory = withoutEndingSlashes(String(path[..<slash]))
    return directory.isEmpty ? "/" : directory
  }

  /// The last component: empty for an empty path, a slash for the root.
  static func name(of path: String) -> String {
    let path = withoutEndingSlashes(path)
    guard let slash = path.lastIndex(of: "/"), path != "/" else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// The last component without its extension.
  static func stem(of path: String) -> String {
    let name = name(of: path)
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return name }
    return String(name[..<point])
  }

  private static func withoutEndingSlashes(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    return String(path)
  }

  /// Creates the directory and its parents, readable by the owner only, unless it exists.
  static func makeDirectory(_ path: String) throws(CommandError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .fileUnwritable(path, SystemReason.of(error))
    }
  }

  /// `path`, quoted so that a shell reads it as one word.
  static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "%"), UInt8(ascii: "+"):
        true
      default: byte >= 0x80
      }
    }
    return isPlain && !path.isEmpty ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}

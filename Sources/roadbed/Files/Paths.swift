import Foundation

/// Paths as users give them. What a path leads to is asked of the system; links are not followed by hand.
enum Paths {
  /// `path`, taken from `directory` unless it is absolute.
  static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }

  /// Links that are followed one after the other at most, as systems do.
  private static let linkLimit = 40

  /// Absolute, without `.`, `..` and links. Of what is not there yet: where it would be made, also if a link leads there.
  static func absolute(_ path: String) -> String { absolute(path, links: linkLimit) }

  private static func absolute(_ path: String, links: Int) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let name = (path as NSString).lastPathComponent
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

  /// The part before the last slash, `.` if there is none.
  static func directory(of path: String) -> String {
    let directory = (path as NSString).deletingLastPathComponent
    return directory.isEmpty ? "." : directory
  }

  static func name(of path: String) -> String { (path as NSString).lastPathComponent }

  /// The last component without its extension.
  static func stem(of path: String) -> String { (name(of: path) as NSString).deletingPathExtension }

  /// Makes the directory with its parents, readable by its owner only, if it is not there.
  static func makeDirectory(_ path: String) throws(CommandError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .fileUnwritable(path, SystemReason.of(error))
    }
  }

  /// `path` as a shell takes it for one word.
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

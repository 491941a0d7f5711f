internal import Configuration
internal import Foundation
internal import Yams

/// A node.yaml whose keys are all known.
///
/// swift-configuration reads the values. It ignores keys that are never requested and reports no line numbers, so the
/// keys are checked here first.
struct SettingsFile {
  /// The maximum bytes of a node.yaml, many times what all settings need.
  static let byteLimit = 1 << 20

  let path: String
  let snapshot: any ConfigSnapshot
  private(set) var lines: [SettingsKey: Int] = [:]
  private(set) var texts: [SettingsKey: String] = [:]

  /// Nil if there is no file.
  init?(path: String) throws(NodeSettingsError) {
    guard let bytes = try SettingsFile.read(path) else { return nil }
    try self.init(bytes: bytes, path: path)
  }

  init(bytes: [UInt8], path: String) throws(NodeSettingsError) {
    self.path = path
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notYAML(path: path, line: 0, reason: "it is not UTF-8 text")
    }
    let root: Yams.Node?
    do {
      root = try Parser(yaml: text).singleRoot()
    } catch {
      throw SettingsFile.explain(error, path: path)
    }
    guard let root, !SettingsFile.isNull(root) else {
      // The file contains only comments.
      snapshot = InMemoryProvider(values: [:]).snapshot()
      return
    }
    guard let mapping = root.mapping else {
      throw .notYAML(path: path, line: root.mark?.line ?? 0, reason: "the file must consist of 'section:' mappings")
    }
    do {
      snapshot = try YAMLSnapshot(data: bytes.span.bytes, providerName: path, parsingOptions: .default)
    } catch {
      throw .notYAML(path: path, line: 0, reason: "a value in it has a type that no setting has")
    }
    for (key, value) in mapping { try check(section: key, value) }
  }

  private mutating func check(section key: Yams.Node, _ value: Yams.Node) throws(NodeSettingsError) {
    let section = key.scalar?.string ?? ""
    guard SettingsKey.allCases.contains(where: { $0.section == section }) else {
      for (name, _) in value.mapping ?? [:] {
        let written = "\(section).\(name.scalar?.string ?? "")"
        if NodeSettings.isSecret(written) { throw unknown(written, name) }
      }
      throw unknown(section, key)
    }
    if SettingsFile.isNull(value) { return }
    guard let mapping = value.mapping else {
      throw .wrongValue(
        key: section, value: SettingsFile.show(value), place(value), allowed: "a section with settings below it")
    }
    for (name, value) in mapping {
      let written = "\(section).\(name.scalar?.string ?? "")"
      guard let setting = SettingsKey(rawValue: written) else { throw unknown(written, name) }
      if value.mapping != nil || (value.sequence != nil) != (setting.form == .list) {
        throw .wrongValue(
          key: written, value: SettingsFile.show(value), place(name),
          allowed: setting.form == .list ? "a list in square brackets" : "one value")
      }
      if let entry = value.sequence?.first(where: { $0.scalar == nil }) {
        throw .wrongValue(key: written, value: SettingsFile.show(entry), place(entry), allowed: "a list of strings")
      }
      lines[setting] = name.mark?.line ?? 0
      texts[setting] = SettingsFile.show(value)
    }
  }

  private func unknown(_ key: String, _ node: Yams.Node) -> NodeSettingsError {
    if NodeSettings.isSecret(key) { return .environmentOnly(key: key, place(node)) }
    let sections = Set(SettingsKey.allCases.map(\.section)).sorted()
    let names = SettingsKey.allCases.map(\.rawValue) + (key.contains(".") ? [] : sections)
    return .unknownKey(key, place(node), nearest: NearestName.find(key, among: names))
  }

  private func place(_ node: Yams.Node) -> SettingPlace { .file(path: path, line: node.mark?.line ?? 0) }

  private static func isNull(_ node: Yams.Node) -> Bool {
    guard let scalar = node.scalar else { return false }
    return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  private static func show(_ node: Yams.Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string
    case .sequence(let sequence): sequence.map { $0.scalar?.string ?? "..." }.joined(separator: ", ")
    case .mapping: "{...}"
    case .alias: "*"
    }
  }

  /// Describes the place and the problem without quoting the file's text, as the library's own errors would.
  private static func explain(_ error: any Error, path: String) -> NodeSettingsError {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .notYAML(path: path, line: mark.line, reason: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      .notYAML(
        path: path, line: context.mark.line, reason: "'\(duplicates.joined(separator: "', '"))' is given more than once"
      )
    case .reader(let problem, _, _, _): .notYAML(path: path, line: 0, reason: problem)
    default: .notYAML(path: path, line: 0, reason: "it cannot be parsed")
    }
  }

  /// Returns nil if there is no file. The operating system resolves links; this code never parses paths.
  private static func read(_ path: String) throws(NodeSettingsError) -> [UInt8]? {
    // O_NONBLOCK, so that opening a named pipe does not block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let number = errno
      var status = stat()
      // A dangling link is an error, unlike a missing file.
      guard number == ENOENT, lstat(path, &status) != 0 else {
        throw .unreadable(
          path: path, reason: number == ENOENT ? "it is a link to a file that does not exist" : systemText(number))
      }
      return nil
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, reason: systemText(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw .unreadable(path: path, reason: isDirectory ? "it is a directory, not a file" : "it is not a regular file")
    }
    guard status.st_size <= byteLimit else {
      throw .tooLarge(path: path, bytes: Int(status.st_size), limit: byteLimit)
    }
    do {
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
      return Array(try handle.read(upToCount: byteLimit) ?? Data())
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  private static func systemText(_ number: Int32) -> String {
    "\(String(cString: strerror(number))) (errno \(number))"
  }
}

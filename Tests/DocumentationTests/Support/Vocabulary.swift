import BlockLog
import Foundation
import Ledger
import Node
import Testing

/// The names in the code that documents may mention.
struct Vocabulary: Sendable {
  static let shared = Result { try Vocabulary(try Project.shared.get()) }

  var settings = Set(SettingsKey.allCases.map(\.rawValue))
  var variables = Set(SettingsKey.allCases.map(\.variable))
  /// The names of operations, and of movements, one of which is no operation.
  var operations = Set(OperationKind.allCases.map(\.name)).union(Movement.Kind.allCases.map(\.rawValue))
  /// Dotted codes of errors, outcomes and reasons.
  var codes: Set<String>
  /// Lower-case words in string literals, among them the outcome `applied`.
  var words: Set<String> = []
  var metrics: Set<String> = []
  /// Swift identifiers, and names of files and folders.
  var identifiers: Set<String> = []
  /// Codes that are composed in a way not listed in `known`, so that their values cannot be determined.
  var composed: [String] = []
  /// Names of golden vectors, which look like codes in documents.
  var vectors: Set<String> = []

  /// Codes that are composed at run time, with `*` for interpolations, and their possible values.
  private static let known: [String: [String]] = [
    "disk.*": DiskError.Cause.allCases.map { "disk.\($0.rawValue)" },
    // The codes for members, accounts and assets are outcomes too, so they need not be listed.
    "*.unknown": ["record.unknown"],
  ]

  private static let extensions: Set = [
    "yaml", "json", "log", "pid", "sqlite", "preparing", "closing", "pem", "crt", "h", "md", "swift", "segment",
    "snapshot", "txt",
    "tx",
  ]

  init(_ project: Project) throws {
    codes = Set(Self.known.values.joined())
    for (path, text) in project.sources where !path.hasPrefix("Tests/DocumentationTests/") {
      identifiers.formUnion(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
      identifiers.formUnion(path.split { $0 == "/" || $0 == "." || $0 == "+" }.map(String.init))
      variables.formUnion(Self.variables(in: text))
      guard path.hasPrefix("Sources/") else { continue }
      for line in text.split(separator: "\n") where line.contains("\"") {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        for index in stride(from: 1, to: parts.count, by: 2) { add(String(parts[index]), path) }
      }
    }
    codes.subtract(settings.union(operations))
    for path in project.files where path.hasPrefix("Tests/LedgerTests/Vectors/") {
      let lines = try Project.text(path).split(separator: "\n")
      vectors.formUnion(lines.compactMap { $0.split(separator: " ").first.map(String.init) })
    }
  }

  private mutating func add(_ literal: String, _ path: String) {
    if literal.hasPrefix("roadbed_") { metrics.insert(literal) }
    if literal.contains("\\(") {
      let shape = Self.shape(literal)
      let isCode = Self.isDotted(shape.replacingOccurrences(of: "*", with: "x")) && shape.contains(where: \.isLetter)
      if isCode, !Self.isFile(shape), Self.known[shape] == nil { composed.append("\(path): \(literal)") }
    } else if Self.isDotted(literal), !Self.isFile(literal) {
      codes.insert(literal)
    } else if literal.allSatisfy({ $0.isLowercase }) {
      words.insert(literal)
    }
  }

  /// The literal with `*` in place of each interpolation.
  private static func shape(_ literal: String) -> String {
    literal.components(separatedBy: "\\(").enumerated().map { index, part in
      guard index > 0, let end = part.firstIndex(of: ")") else { return part }
      return "*" + part[part.index(after: end)...]
    }.joined()
  }

  /// Whether the text has the form `group.some-name` of codes, settings and operations.
  static func isDotted(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        part.first?.isLowercase == true && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      }
  }

  static func isFile(_ name: String) -> Bool {
    extensions.contains(name.split(separator: ".").last.map(String.init) ?? "")
  }

  static func variables(in text: String) -> [String] {
    text.components(separatedBy: "ROADBED_").dropFirst().compactMap { rest in
      let name = rest.prefix { $0.isUppercase || $0 == "_" || $0.isNumber }
      return name.isEmpty ? nil : "ROADBED_\(name)"
    }
  }
}

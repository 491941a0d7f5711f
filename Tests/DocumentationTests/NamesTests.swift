import Foundation
import Testing

/// Checks codes, settings, operations, metrics, variables and types that documents name.
@Suite("Documents: names")
struct NamesTests {
  /// Names in decisions that do not exist: an example of a wrong name, and a rejected one.
  private static let misspelt: Set = ["api.prot"]
  private static let rejected: Set = ["Crypto"]

  /// The codes of errors.md, which are the first code span of each row.
  static func documentedCodes(_ document: Document) -> [String] {
    document.prose.compactMap { piece in
      guard piece.text.hasPrefix("| `") else { return nil }
      return piece.text.split(separator: "`").dropFirst().first.map(String.init)
    }
  }

  static func codeFindings(_ errors: Document, _ vocabulary: Vocabulary) -> [String] {
    let documented = documentedCodes(errors)
    let twice = Dictionary(grouping: documented) { $0 }.filter { $1.count > 1 }.keys.sorted().map { "\($0): twice" }
    let unknown = documented.filter { !vocabulary.codes.contains($0) && !vocabulary.words.contains($0) }
      .map { "\($0): in the document, not in the code" }
    let missing = vocabulary.codes.subtracting(documented).sorted().map { "\($0): in the code, not in the document" }
    return twice + unknown + missing + vocabulary.composed.map { "cannot be looked for: \($0)" }
  }

  /// Checks names such as `log.damaged` and `index.enabled: true` in groups that the code knows.
  static func dottedFindings(_ document: Document, _ vocabulary: Vocabulary) -> [String] {
    let known = vocabulary.codes.union(vocabulary.settings).union(vocabulary.operations)
    let others = vocabulary.vectors.union(misspelt)
    let groups = Set(known.compactMap { $0.split(separator: ".").first.map(String.init) })
    return document.spans.compactMap { span in
      let name = span.text.split { ": =".contains($0) }.first.map(String.init) ?? ""
      let group = name.split(separator: ".").first.map(String.init) ?? ""
      guard Vocabulary.isDotted(name), !Vocabulary.isFile(name), groups.contains(group) else { return nil }
      return known.contains(name) || others.contains(name) ? nil : "\(document.place(span)): \(name)"
    }
  }

  static func metricFindings(_ document: Document, _ vocabulary: Vocabulary) -> [String] {
    document.spans.filter { $0.text.hasPrefix("roadbed_") }.compactMap { span in
      let name = String(span.text.prefix { $0.isLetter || $0 == "_" })
      return vocabulary.metrics.contains(name) ? nil : "\(document.place(span)): \(name)"
    }
  }

  static func variableFindings(_ document: Document, _ known: Set<String>) -> [String] {
    (document.spans + document.code).flatMap { piece in
      Vocabulary.variables(in: piece.text).filter { !known.contains($0) }.map { "\(document.place(piece)): \($0)" }
    }
  }

  /// Checks names such as `Quorum`, `Type.member` and `Type.function(of:)`.
  static func typeFindings(_ document: Document, _ vocabulary: Vocabulary) -> [String] {
    document.spans.compactMap { span in
      let parts = span.text.prefix { $0 != "(" }.split(separator: ".", omittingEmptySubsequences: false)
      guard let first = parts.first?.first, first.isUppercase, span.text.contains(where: \.isLowercase),
        parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } })
      else { return nil }
      let unknown = parts.filter { !vocabulary.identifiers.contains(String($0)) && !rejected.contains(String($0)) }
      return unknown.isEmpty ? nil : "\(document.place(span)): \(span.text)"
    }
  }

  /// The settings of a file like node.yaml: `section:` and below it `name:`, possibly commented out.
  static func settings(in yaml: String) -> Set<String> {
    var section = ""
    return yaml.split(separator: "\n").reduce(into: []) { settings, line in
      let isBelow = line.hasPrefix("  ")
      let text = line.drop { $0 == " " || (isBelow && $0 == "#") }
      let name = text.prefix { $0.isLetter }
      guard !name.isEmpty, text.dropFirst(name.count).hasPrefix(":"), !line.hasPrefix("  # ") else { return }
      if isBelow { settings.insert("\(section).\(name)") } else { section = String(name) }
    }
  }

  @Test("errors.md has every code of the program, and no others")
  func codes() throws {
    let project = try Project.shared.get()
    let vocabulary = try Vocabulary.shared.get()
    expectNone(Self.codeFindings(try project.document("Documentation/errors.md"), vocabulary))
    #expect(vocabulary.codes.count > 200)
  }

  @Test("Every code, setting and operation that a document names is the program's")
  func dotted() throws {
    let project = try Project.shared.get()
    let vocabulary = try Vocabulary.shared.get()
    expectNone(project.documents.flatMap { Self.dottedFindings($0, vocabulary) })
  }

  @Test("Every metric that a document names exists, and operations.md has them all")
  func metrics() throws {
    let project = try Project.shared.get()
    let vocabulary = try Vocabulary.shared.get()
    expectNone(project.documents.flatMap { Self.metricFindings($0, vocabulary) })
    let documented = Set(
      try project.document("Documentation/operations.md").spans.map { String($0.text.prefix { $0 != "{" }) })
    expectNone(vocabulary.metrics.subtracting(documented).sorted())
    #expect(vocabulary.metrics.count > 20)
  }

  @Test("Every environment variable that a document names is read by some program")
  func variables() throws {
    let project = try Project.shared.get()
    let scripts = try project.files.filter { $0.hasPrefix("Scripts/") }.map { try Project.text($0) }
    let known = scripts.reduce(try Vocabulary.shared.get().variables) { $0.union(Vocabulary.variables(in: $1)) }
    expectNone(project.documents.flatMap { Self.variableFindings($0, known) })
  }

  @Test("Config/node.yaml has every setting, and no others")
  func settings() throws {
    let listed = Self.settings(in: try Project.text("Config/node.yaml"))
    let known = try Vocabulary.shared.get().settings
    expectNone(listed.subtracting(known).sorted().map { "\($0): no such setting" })
    expectNone(known.subtracting(listed).sorted().map { "\($0): not in Config/node.yaml" })
  }

  @Test("Every type that a document names exists")
  func types() throws {
    let project = try Project.shared.get()
    let vocabulary = try Vocabulary.shared.get()
    expectNone(project.documents.flatMap { Self.typeFindings($0, vocabulary) })
  }

  @Test("Missing things are found: a code, a setting, a metric, a variable, a type")
  func found() throws {
    var vocabulary = try Vocabulary.shared.get()
    vocabulary.codes = ["log.damaged", "log.new", "index.off"]
    vocabulary.settings = ["index.enabled"]
    vocabulary.composed = []
    let text = """
      | `log.damaged` | x | see `index.enable: true`, `index.enabled: true`, `index.sqlite`, `other.name` |
      | `log.damaged` | again |
      | `log.gone` | no more |
      Then `roadbed_nothing` {`peer`}, `ROADBED_NOTHING=1 x`, `Quorum`, `Quorumm.size`, `Quorum.sizes(of:)`.
      """
    let document = Document(path: "x.md", text: text)
    #expect(
      Self.codeFindings(document, vocabulary) == [
        "log.damaged: twice", "log.gone: in the document, not in the code",
        "index.off: in the code, not in the document",
        "log.new: in the code, not in the document",
      ])
    #expect(Self.dottedFindings(document, vocabulary) == ["x.md:1: index.enable", "x.md:3: log.gone"])
    #expect(Self.metricFindings(document, vocabulary) == ["x.md:4: roadbed_nothing"])
    #expect(Self.variableFindings(document, ["ROADBED_API_PORT"]) == ["x.md:4: ROADBED_NOTHING"])
    #expect(Self.typeFindings(document, vocabulary) == ["x.md:4: Quorumm.size"])
    #expect(Self.settings(in: "a:\n  # b: text\n  #c: 1\n  d: 2\n\ne:\n  #f: x") == ["a.c", "a.d", "e.f"])
  }
}

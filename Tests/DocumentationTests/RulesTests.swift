import Foundation
import Testing

/// Compares the numbered rules of protocol.md with the places that cite them.
@Suite("Documents: rules of the protocol")
struct RulesTests {
  /// Rules such as `R12`, anywhere in the text.
  static func cited(in text: String) -> Set<String> {
    guard text.contains("R") else { return [] }
    return Set(
      text.split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { word in
        word.hasPrefix("R") && word.count > 1 && word.dropFirst().allSatisfy(\.isNumber)
      })
  }

  /// The rules that a text states, in order: `**R12.**` at the start of a paragraph.
  static func stated(in text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("**R") }
      .map { String($0.dropFirst(2).prefix { $0 != "." }) }
  }

  static func findings(stated: [String], documents: [String: String], sources: [String: String]) -> [String] {
    let expected = stated.indices.map { "R\($0 + 1)" }
    var findings = stated == expected ? [] : ["the rules are not R1, R2, R3 … in order"]
    for (path, text) in (documents.map { $0 } + sources.map { $0 }).sorted(by: { $0.key < $1.key }) {
      findings += cited(in: text).subtracting(stated).sorted().map { "\(path): no rule \($0)" }
    }
    let used = sources.values.reduce(into: Set<String>()) { $0.formUnion(cited(in: $1)) }
    return findings + stated.filter { !used.contains($0) }.map { "\($0): neither code nor a test cites it" }
  }

  @Test("Every rule that code, tests or documents cite is in protocol.md, and code or a test cites every rule there")
  func rules() throws {
    let project = try Project.shared.get()
    let stated = Self.stated(in: try Project.text("Documentation/protocol.md"))
    #expect(stated.count > 30)
    let sources = project.sources.filter { !$0.path.hasPrefix("Tests/DocumentationTests/") }
    let documents = project.documents.map { ($0.path, $0.prose.map(\.text).joined(separator: "\n")) }
    expectNone(
      Self.findings(
        stated: stated, documents: Dictionary(uniqueKeysWithValues: documents),
        sources: Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0.text) })))
  }

  @Test("Mismatches are found: a missing rule, one that nothing cites, a skipped number")
  func found() {
    let stated = Self.stated(in: "**R1.** A thing (R2).\n\n**R2.** Another.\nNot **R7.**\n")
    #expect(stated == ["R1", "R2"])
    let sources = ["a.swift": "// As R1 says, and R9.", "b.swift": "let RADIUS = R2D2"]
    #expect(
      Self.findings(stated: stated, documents: ["x.md": "(R3)"], sources: sources) == [
        "a.swift: no rule R9", "x.md: no rule R3", "R2: neither code nor a test cites it",
      ])
    #expect(
      Self.findings(stated: ["R1", "R3"], documents: [:], sources: ["a.swift": "R1 R3"])
        == ["the rules are not R1, R2, R3 … in order"])
  }
}

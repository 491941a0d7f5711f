import Foundation
import Testing

/// Compares Documentation/attacks.md with the tests.
@Suite("Documents: attacks")
struct AttacksTests {
  /// A test that an entry lists: `- `file`: name`, possibly followed by cases in parentheses.
  struct Row: Hashable {
    var entry: String
    var file: String
    var name: String
    var cases: [String]
  }

  struct Parsed {
    var entries: Set<String> = []
    var rows: [Row] = []
    var unread: [String] = []
  }

  static func parse(_ text: String) -> Parsed {
    var parsed = Parsed()
    var entry = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("**"), let end = line.dropFirst(2).range(of: "** ") {
        entry = String(line.dropFirst(2)[..<end.lowerBound])
        parsed.entries.insert(entry)
      }
      guard line.hasPrefix("- "), line != "- no test" else { continue }
      let parts = line.dropFirst(2).components(separatedBy: "`: ")
      guard parts.count >= 2, parts[0].hasPrefix("`") else {
        parsed.unread.append(String(line))
        continue
      }
      var name = parts.dropFirst().joined(separator: "`: ")
      var cases: [String] = []
      if name.hasSuffix("`)"), let start = name.range(of: " (`") {
        cases = name[start.upperBound...].dropLast(2).components(separatedBy: "`, `")
        name = String(name[..<start.lowerBound])
      }
      parsed.rows.append(Row(entry: entry, file: String(parts[0].dropFirst()), name: name, cases: cases))
    }
    return parsed
  }

  /// The display names of the tests in a file.
  static func names(in text: String) -> [String] {
    text.components(separatedBy: "@Test(").dropFirst().compactMap { rest in
      let start = rest.drop { $0.isWhitespace }
      guard start.first == "\"" else { return nil }
      var name = ""
      var isEscaped = false
      for character in start.dropFirst() {
        if !isEscaped, character == "\"" { return name }
        isEscaped = !isEscaped && character == "\\"
        if !isEscaped { name.append(character) }
      }
      return nil
    }
  }

  /// The attacks with which a name begins, such as `C12, E4: …` or `E4: E5: …`.
  static func attacks(of name: String, letters: Set<Character>) -> [String] {
    var attacks: [String] = []
    var rest = Substring(name)
    while let letter = rest.first, letters.contains(letter) {
      let digits = rest.dropFirst().prefix { $0.isNumber }
      let behind = rest.dropFirst(1 + digits.count)
      guard !digits.isEmpty, behind.hasPrefix(": ") || behind.hasPrefix(", ") else { break }
      attacks.append("\(letter)\(digits)")
      rest = behind.dropFirst(2)
    }
    return attacks
  }

  static func findings(_ text: String, tests: [String: [String]], words: Set<String>) -> [String] {
    let parsed = parse(text)
    let letters = Set(parsed.entries.compactMap(\.first))
    var findings = parsed.unread.map { "not to be read: \($0)" }
    for row in parsed.rows {
      let isThere = tests["Tests/\(row.file)"]?.contains(row.name) ?? false
      if !isThere { findings.append("\(row.entry): no test \(row.file): \(row.name)") }
      for name in row.cases where name.split(separator: "-").contains(where: { !words.contains(String($0)) }) {
        findings.append("\(row.entry): no case \(name) of \(row.file)")
      }
    }
    let listed = Set(parsed.rows.map { Row(entry: $0.entry, file: $0.file, name: $0.name, cases: []) })
    for (file, names) in tests.sorted(by: { $0.key < $1.key }) {
      for name in names {
        for attack in attacks(of: name, letters: letters) {
          let row = Row(entry: attack, file: String(file.dropFirst("Tests/".count)), name: name, cases: [])
          if !listed.contains(row) { findings.append("\(attack) does not list \(row.file): \(name)") }
        }
      }
    }
    return findings
  }

  @Test("attacks.md lists only existing tests, and every test that is named after an attack")
  func attacks() throws {
    let project = try Project.shared.get()
    let tests = project.sources.filter { $0.path.hasPrefix("Tests/") }
    let names = Dictionary(uniqueKeysWithValues: tests.map { ($0.path, Self.names(in: $0.text)) })
    let words = project.sources.filter { $0.path.hasPrefix("Sources/") }.reduce(into: Set<String>()) {
      $0.formUnion($1.text.split { !$0.isLetter }.map(String.init))
    }
    let text = try Project.text("Documentation/attacks.md")
    expectNone(Self.findings(text, tests: names, words: words))
    #expect(Self.parse(text).rows.count > 300)
  }

  @Test("Mismatches are found: a row without its test, a test without its row, a missing case")
  func found() {
    let text = """
      **C1** Something.

      - `A/B.swift`: C1: one (`here`, `gone`)
      - `A/B.swift`: three
      - somewhere
      """
    let tests = [
      "Tests/A/B.swift": Self.names(in: "@Test(\n\"C1: one\") @Test(\"C1, C2: \\\"two\\\"\") @Test func x()")
    ]
    #expect(tests["Tests/A/B.swift"] == ["C1: one", "C1, C2: \"two\""])
    #expect(
      Self.findings(text, tests: tests, words: ["here"]) == [
        "not to be read: - somewhere", "C1: no case gone of A/B.swift", "C1: no test A/B.swift: three",
        "C1 does not list A/B.swift: C1, C2: \"two\"", "C2 does not list A/B.swift: C1, C2: \"two\"",
      ])
  }
}

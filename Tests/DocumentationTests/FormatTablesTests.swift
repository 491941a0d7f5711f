import Replica
import Testing

/// Compares tables that list all kinds of something with their numbers with the enumerations in the code.
@Suite("Documents: tables of the formats")
struct FormatTablesTests {
  /// A row: the number, the name and one other cell.
  struct Row: Hashable, CustomStringConvertible {
    var number: String
    var name: String
    var cell: String

    var description: String { "\(number) \(name), \(cell)" }
  }

  /// An identifier such as `votingBar` in the words of the documents, `voting bar`.
  static func words(_ identifier: String) -> String {
    identifier.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
  }

  /// The rows, from the one that begins with `first`, of the table that contains it, with the cell at `column` up to a
  /// colon.
  static func rows(_ document: Document, first: [String], column: Int) -> [Row] {
    let lines = document.prose.map(\.text)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("| \(first.joined(separator: " | ")) |") }) else {
      return []
    }
    return lines[start...].prefix { $0.hasPrefix("|") }.map { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map(\.trimmed)
      return Row(number: cells[0], name: cells[1], cell: String(cells[column].prefix { $0 != ":" }))
    }
  }

  static func findings(_ listed: [Row], _ kinds: [Row]) -> [String] {
    listed.filter { !kinds.contains($0) }.map { "\($0): in the document, not in the code" }
      + kinds.filter { !listed.contains($0) }.map { "\($0): in the code, not in the document" }
  }

  @Test("formats-log.md lists every kind of record with its number and whether its sync is awaited, and no others")
  func records() throws {
    let document = try Project.shared.get().document("Documentation/formats-log.md")
    let kinds = LogEntryKind.allCases.map { kind in
      let name = kind == .execution ? "execution record" : Self.words("\(kind)")
      return Row(number: "\(kind.rawValue)", name: name, cell: kind.isAwaited ? "yes" : "no")
    }
    expectNone(Self.findings(Self.rows(document, first: ["1", "origin"], column: 3), kinds))
  }

  @Test("formats-peers.md lists every kind of message with its number and limit, and no others")
  func messages() throws {
    let document = try Project.shared.get().document("Documentation/formats-peers.md")
    let kinds = PeerMessage.Kind.allCases.map { kind in
      Row(number: "\(kind.rawValue)", name: Self.words("\(kind)"), cell: Self.grouped(kind.limit))
    }
    expectNone(Self.findings(Self.rows(document, first: ["1", "transactions"], column: 3), kinds))
  }

  /// A number as documents write it: with commas from five digits on.
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    guard digits.count > 4 else { return digits }
    return digits.enumerated().reduce(into: "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset).isMultiple(of: 3) { text += "," }
      text.append(digit.element)
    }
  }

  @Test("Mismatches are found: a kind without a row, a row without its kind, a different number")
  func found() {
    let text =
      "| 1 | origin | x | yes |\n| 2 | voting bar | y | no: later |\n| 4 | gone | z | no |\n\n| 5 | other | | |"
    let listed = Self.rows(Document(path: "x.md", text: text), first: ["1", "origin"], column: 3)
    let kinds = [
      Row(number: "1", name: "origin", cell: "yes"), Row(number: "2", name: Self.words("votingBar"), cell: "no"),
      Row(number: "3", name: "new", cell: "no"),
    ]
    #expect(
      Self.findings(listed, kinds) == [
        "4 gone, no: in the document, not in the code", "3 new, no: in the code, not in the document",
      ])
    #expect(Self.grouped(2_099_205) == "2,099,205" && Self.grouped(1024) == "1024")
  }
}

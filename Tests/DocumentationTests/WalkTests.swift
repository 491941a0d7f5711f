import Testing

/// Checks the table in architecture.md that follows a transaction from file to file.
@Suite("Documents: the path of a transaction")
struct WalkTests {
  /// The greatest number of files that someone must read to follow a transaction.
  private static let limit = 25

  static func findings(_ table: Table, _ project: Project) -> [String] {
    var findings: [String] = []
    var seen: Set<String> = []
    for (index, row) in table.rows.enumerated() {
      guard row.count == 4, row[0] == "\(index + 1)" else {
        findings.append("row \(index + 1): \(row.count) cells, number \(row.first ?? "")")
        continue
      }
      let file = row[1].filter { $0 != "`" }
      if !project.files.contains("Sources/\(file)") { findings.append("row \(index + 1): no file \(file)") }
      if !seen.insert(file).inserted { findings.append("row \(index + 1): \(file) is there twice") }
    }
    if table.rows.count > limit { findings.append("\(table.rows.count) files; the limit is \(limit)") }
    return findings
  }

  @Test("Every file on the path of a transaction exists and has one row, and there are at most 25")
  func walk() throws {
    let project = try Project.shared.get()
    let table = Table(try project.document("Documentation/architecture.md"), withFirstCell: "1")
    #expect(table.rows.count > 15)
    expectNone(Self.findings(table, project))
  }

  @Test("Mistakes are found: a missing file, a file that is there twice, a wrong number, too many rows")
  func found() throws {
    let project = try Project.shared.get()
    let rows = ["Replica/Replica.swift", "Replica/None.swift", "Replica/Replica.swift"].enumerated()
      .map { "| \($0.offset + 1) | `\($0.element)` | x | |" }
    func findings(_ rows: [String]) -> [String] {
      let text = (["| | File | | |", "|---|---|---|---|"] + rows).joined(separator: "\n")
      return Self.findings(Table(Document(path: "x.md", text: text), withFirstCell: "1"), project)
    }
    #expect(
      findings(rows) == ["row 2: no file Replica/None.swift", "row 3: Replica/Replica.swift is there twice"])
    #expect(findings([rows[0], "| 7 | `Replica/Replica.swift` | x | |"]) == ["row 2: 4 cells, number 7"])
    let many = (1...26).map { "| \($0) | `Replica/Replica.swift` | x | |" }
    #expect(findings(many).last == "26 files; the limit is 25")
  }
}

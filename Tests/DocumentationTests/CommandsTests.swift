import Foundation
import Testing

/// Compares the commands and options that documents name with the programs' own descriptions.
@Suite("Documents: commands")
struct CommandsTests {
  /// What is wrong with the part of a command line after the name of `program`, or nil if nothing is.
  static func fault(_ line: Substring, _ program: Command) -> String? {
    var command = program
    var isPath = true
    for word in line.split(separator: " ") {
      let token = word.prefix { !",;:)|>#&`\"'".contains($0) }
      if token.isEmpty { break }
      if token.hasPrefix("-") {
        let option = String(token.prefix { $0 != "=" && $0 != "…" })
        let isNumber = option.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
        if !isNumber, !command.options.contains(option) { return "\(command.commandName) has no \(option)" }
      } else if isPath, let next = command.subcommand(String(token)) {
        command = next
      } else if isPath, command.subcommands?.isEmpty == false, token.allSatisfy({ $0.isLowercase || $0 == "-" }) {
        return "\(command.commandName) has no \(token)"
      } else {
        isPath = false
      }
      if token.count < word.count { break }
    }
    return nil
  }

  /// Checks lines of code and spans that run `program`, and spans that begin with one of its groups, such as `cluster
  /// up`.
  static func findings(_ document: Document, _ program: Command) -> [String] {
    let groups = Set((program.subcommands ?? []).filter { $0.subcommands?.isEmpty == false }.map(\.commandName))
    let marker = program.commandName + " "
    let lines = (document.spans + joinedLines(document.code)).flatMap { piece -> [String] in
      let runs = piece.text.components(separatedBy: marker)
      return zip(runs, runs.dropFirst()).compactMap { before, run -> String? in
        guard " ;`/".contains(before.last ?? " "), run.first?.isLowercase == true || run.hasPrefix("-") else {
          return nil
        }
        return fault(Substring(run), program).map { "\(document.place(piece)): \($0)" }
      }
    }
    return lines
      + document.spans.compactMap { span in
        let words = span.text.split(separator: " ")
        guard words.count > 1, groups.contains(String(words[0])), words[1].allSatisfy({ $0.isLowercase || $0 == "-" })
        else { return nil }
        return fault(Substring(span.text), program).map { "\(document.place(span)): \($0)" }
      }
  }

  private static func joinedLines(_ lines: [Document.Piece]) -> [Document.Piece] {
    lines.reduce(into: []) { joined, piece in
      if let last = joined.last, last.text.hasSuffix("\\") {
        joined[joined.count - 1].text = String(last.text.dropLast() + piece.text.drop { $0 == " " })
      } else {
        joined.append(piece)
      }
    }
  }

  /// Checks that options that stand alone, such as `--founding`, exist in some program or script.
  static func optionFindings(_ document: Document, _ known: Set<String>) -> [String] {
    document.spans.compactMap { span in
      guard span.text.hasPrefix("--") else { return nil }
      let option = String(span.text.prefix { $0.isLetter || $0.isNumber || $0 == "-" })
      return known.contains(option) ? nil : "\(document.place(span)): \(option)"
    }
  }

  /// Checks tables that have the program's name in one column and its subcommands in the next.
  static func tableFindings(_ document: Document, _ program: Command) -> [String] {
    document.prose.flatMap { piece -> [String] in
      let spans = piece.text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      guard piece.text.hasPrefix("| `\(program.commandName) "), let name = spans.first?.split(separator: " ").last,
        let group = program.subcommand(String(name)), group.subcommands?.isEmpty == false
      else { return [] }
      return spans.dropFirst().filter { !$0.hasPrefix(program.commandName) && group.subcommand($0) == nil }
        .map { "\(document.place(piece)): \(name) has no \($0)" }
    }
  }

  private static func scripts(_ project: Project) throws -> [String: String] {
    try project.files.filter { $0.hasPrefix("Scripts/") }
      .reduce(into: [:]) { $0[String($1.dropFirst("Scripts/".count))] = try Project.text($1) }
  }

  private static func options(in script: String) -> Set<String> {
    Set(script.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.filter { $0.hasPrefix("--") }.map(String.init))
  }

  @Test("Every command line that a document shows is one of the program")
  func commands() throws {
    let project = try Project.shared.get()
    let roadbed = try Program.commands("roadbed")
    expectNone(project.documents.flatMap { Self.findings($0, roadbed) + Self.tableFindings($0, roadbed) })
    let readme = Set(try project.document("README.md").spans.map(\.text))
    let commands = (roadbed.subcommands ?? []).map(\.commandName).filter { $0 != "help" }
    expectNone(commands.filter { !readme.contains("roadbed \($0)") }.map { "README.md does not list \($0)" })
  }

  @Test("Every command that the program's own messages and settings name is one of the program")
  func messages() throws {
    let project = try Project.shared.get()
    let roadbed = try Program.commands("roadbed")
    let config = try project.files.filter { $0.hasPrefix("Config/") }.sorted().map { ($0, try Project.text($0)) }
    var findings: [String] = []
    for (path, text) in project.sources.filter({ $0.path.hasPrefix("Sources/") }) + config {
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        for run in line.components(separatedBy: "`roadbed ").dropFirst() where run.first?.isLowercase == true {
          // Nothing after the first interpolation can be checked.
          let shown = run.components(separatedBy: "\\(")[0]
          if let fault = Self.fault(Substring(shown), roadbed) { findings.append("\(path):\(index + 1): \(fault)") }
        }
      }
    }
    expectNone(findings)
  }

  @Test("Every option of a script or a program that a document names exists")
  func options() throws {
    let project = try Project.shared.get()
    let scripts = try Self.scripts(project)
    let chaos = try Program.commands("chaos").allOptions
    var findings: [String] = []
    for document in project.documents {
      for piece in document.spans + Self.joinedLines(document.code) {
        for run in piece.text.components(separatedBy: "Scripts/").dropFirst() {
          let name = String(run.prefix { $0.isLetter || $0 == "-" })
          guard let script = scripts[name] else { continue }
          let known = Self.options(in: script).union(name == "chaos" ? chaos : [])
          let line = run.prefix { !"#|;`".contains($0) }
          for option in Self.options(in: String(line)) where !known.contains(option) {
            findings.append("\(document.place(piece)): Scripts/\(name) has no \(option)")
          }
        }
      }
    }
    let programs = ["roadbed", "chaos", "big-chain", "index-bench", "cluster-bench", "scaling-bench"]
    var known = try programs.reduce(into: Set<String>()) { $0.formUnion(try Program.commands($1).allOptions) }
    for script in scripts.values { known.formUnion(Self.options(in: script)) }
    findings += project.documents.flatMap { Self.optionFindings($0, known) }
    expectNone(findings)
  }

  @Test("Missing things are found: a command, an option of another command, an unknown option")
  func found() throws {
    let roadbed = try Program.commands("roadbed")
    let text = """
      Run `roadbed cluster new --dir D`, `roadbed cluster neww`, `roadbed node start --nodes 4`, or `cluster destroy node1`,
      `keys new FILE`, `roadbed-receipt/1`, `roadbed help tx transfer`, `--founding`, `--nothing x`.

          $ roadbed tx transfer --from a --to b \\
              --asset eur --amoun 3 | cat

      | `roadbed keys` | `new`, `burn` |
      """
    let document = Document(path: "x.md", text: text)
    #expect(
      Self.findings(document, roadbed) == [
        "x.md:1: cluster has no neww", "x.md:1: start has no --nodes", "x.md:4: transfer has no --amoun",
        "x.md:1: cluster has no destroy",
      ])
    #expect(Self.optionFindings(document, roadbed.allOptions) == ["x.md:2: --nothing"])
    #expect(Self.tableFindings(document, roadbed) == ["x.md:7: keys has no burn"])
  }
}

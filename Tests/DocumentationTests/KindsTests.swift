import FuzzTargets
import Primitives
import Simulation
import Testing

/// Checks tables that list all kinds of something.
@Suite("Documents: kinds")
struct KindsTests {
  /// The text between backticks in the first cells of the tables whose first row begins with `header`.
  static func firstCells(_ document: Document, header: String) -> Set<String> {
    var cells: Set<String> = []
    var isIn = false
    for piece in document.prose {
      if piece.text.hasPrefix("| \(header) |") {
        isIn = true
      } else if !piece.text.hasPrefix("|") {
        isIn = false
      }
      guard isIn, let first = piece.text.split(separator: "|").first else { continue }
      let parts = first.split(separator: "`", omittingEmptySubsequences: false)
      for index in stride(from: 1, to: parts.count, by: 2) { cells.insert(String(parts[index])) }
    }
    return cells
  }

  static func findings(_ listed: Set<String>, _ kinds: [String]) -> [String] {
    listed.subtracting(kinds).sorted().map { "\($0): not there" }
      + Set(kinds).subtracting(listed).sorted().map { "\($0): not in the document" }
  }

  @Test("Every fault, traitor, network and deliberate defect of the simulation is in simulation.md, and no others")
  func simulation() throws {
    let document = try Project.shared.get().document("Documentation/simulation.md")
    expectNone(Self.findings(Self.firstCells(document, header: "Fault"), FaultKind.allCases.map(\.rawValue)))
    expectNone(Self.findings(Self.firstCells(document, header: "Kind"), TraitorKind.allCases.map(\.rawValue)))
    expectNone(Self.findings(Self.firstCells(document, header: "Defect"), Mutation.allCases.map(\.rawValue)))
    let spans = Set(document.spans.map(\.text))
    expectNone(NetworkKind.allCases.map(\.rawValue).filter { !spans.contains($0) })
  }

  @Test("Every target of the fuzzer is in fuzzing.md, and no others")
  func fuzzing() throws {
    let document = try Project.shared.get().document("Documentation/fuzzing.md")
    let targets = FuzzTarget.all(Traffic.recorded()).map(\.name)
    expectNone(Self.findings(Self.firstCells(document, header: "targets"), targets))
  }

  @Test("What does not fit is found: a kind without a row, a row without its kind")
  func found() {
    let document = Document(path: "x.md", text: "| Fault | |\n|---|---|\n| `a`, `b` | `c` |\n\n| Other |\n| `d` |\n")
    let listed = Self.firstCells(document, header: "Fault")
    #expect(listed == ["a", "b"])
    #expect(Self.findings(listed, ["a", "e"]) == ["b: not there", "e: not in the document"])
  }
}

import Foundation
import Ledger
import Primitives
import Testing

@Testing.Suite("Documentation/formats.md")
struct FormatsDocumentTests {
  static func text(_ name: String = "formats.md") throws -> String {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Documentation/\(name)").standardized
    return try String(contentsOf: url, encoding: .utf8)
  }

  @Test("Every tag, suite, kind of operation and outcome code is in it, with its number")
  func complete() throws {
    let text = try Self.text()
    for domain in Domain.allCases { #expect(text.contains("`\(domain.rawValue)`")) }
    for suite in Primitives.Suite.allCases { #expect(text.contains("| \(suite.rawValue) | `\(suite.name)` |")) }
    for kind in OperationKind.allCases {
      let number = Hex.encode([kind.rawValue])
      #expect(text.contains("| 0x\(number) | `\(kind.name)` |"))
    }
    for code in OutcomeCode.allCases { #expect(text.contains("| \(code.rawValue) | `\(code.code)` |")) }
  }

  @Test("The bounds of a receipt, a genesis, a chunk and a manifest stand in the documents")
  func bounds() throws {
    func grouped(_ number: Int) -> String {
      String(number).reversed().enumerated().reduce(into: "") { text, digit in
        if digit.offset > 0, digit.offset.isMultiple(of: 3) { text = "," + text }
        text = "\(digit.element)" + text
      }
    }
    let text = try Self.text()
    #expect(text.contains("receipt has at most \(grouped(Receipt.byteLimit)) bytes"))
    #expect(text.contains("genesis has at most \(grouped(Limits.genesisBytes)) bytes"))
    let state = try Self.text("formats-state.md")
    #expect(
      state.contains(
        "chunk has at most \(grouped(Limits.snapshotChunkBytes)) bytes, a manifest \(grouped(Limits.manifestBytes))."))
  }

  @Test("Section 12 explains every golden vector, and no others")
  func vectorNames() throws {
    let section = try #require(try Self.text().components(separatedBy: "\n## 12. ").last)
    var explained: Set<String> = []
    for line in section.split(separator: "\n") where line.hasPrefix("| `") {
      let names = line.split(separator: "|")[0].split(separator: "`", omittingEmptySubsequences: false)
      for index in stride(from: 1, to: names.count, by: 2) { explained.insert(String(names[index])) }
    }
    for suite in Primitives.Suite.allCases {
      let names = try VectorFile(suite).names.map { name in
        name.split(separator: ".").map { Int($0) == nil ? String($0) : "N" }.joined(separator: ".")
      }
      #expect(Set(names) == explained, "\(suite.name)")
    }
  }
}

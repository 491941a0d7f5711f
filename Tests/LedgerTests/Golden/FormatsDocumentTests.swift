import Foundation
import Ledger
import Primitives
import Testing

@Testing.Suite("Documentation/formats.md")
struct FormatsDocumentTests {
  static func text() throws -> String {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Documentation/formats.md").standardized
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
}

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

  @Test("It lists every tag, suite, kind of operation and outcome code, with its number")
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

  @Test("The documents give the limits of the format")
  func bounds() throws {
    let formats = [
      "1 to \(Limits.nameBytes) |", "1 to \(Limits.accountBytes); the owner at most \(Limits.nameBytes)",
      "number of keys `u8` (1 to \(Limits.memberKeys))",
      "description and reason \(Limits.descriptionBytes) bytes, decimals \(Limits.assetDecimals), memo "
        + "\(Limits.memoBytes), record key 1 to \(Limits.recordKeyBytes), metadata \(Limits.recordMetadataBytes)",
      "operations `u32`, 1 to \(Self.grouped(Limits.transactionOperations)) |",
      "signatures `u8`, 1 to \(Limits.transactionSignatures),",
      "proofs in the operations there are at most \(Limits.transactionSignatures).",
      "number of transport keys `u8`, 1 or \(Limits.nodePins), and",
      "At most \(Self.grouped(Limits.transactionBytes)) bytes in all",
      "transactions `u32`, at most \(Self.grouped(Limits.blockTransactions)) |",
      "At most \(Self.grouped(Limits.blockOperations)) operations over all",
      "and \(Self.grouped(Limits.blockBytes)) bytes in all", "of members `u32` | 1 to \(Limits.genesisMembers).",
      "of validators `u32` | 1 to \(Limits.validators) |", "at most \(Limits.addressBytes) bytes, the port",
      "milliseconds, \(Limits.leaderTimeoutMilliseconds.lowerBound) to "
        + Self.grouped(Int(Limits.leaderTimeoutMilliseconds.upperBound)),
      "certified one, at most \(Limits.receiptDescendants) |",
      "`blockBytes` | \(Self.bounds(.blockBytes)) |", "`blockOperations` | \(Self.bounds(.blockOperations)) |",
      "`validityMilliseconds` | \(Self.bounds(.validityMilliseconds)) |",
      "`administratorThreshold` | \(Self.bounds(.administratorThreshold)) |",
      "(at most \(Limits.closings), and \(Self.grouped(Limits.closingBytes)) bytes together)",
      "receipt has at most \(Self.grouped(Receipt.byteLimit)) bytes",
      "genesis has at most \(Self.grouped(Limits.genesisBytes)) bytes",
    ]
    // A line may break anywhere in a sentence.
    let text = try Self.text().replacingOccurrences(of: "\n", with: " ")
    for bound in formats { #expect(text.contains(bound), "\(bound)") }
    let state = [
      "number of addresses `u8`, 1 to \(Limits.nodeAddresses),",
      "The directory has at most \(Limits.nodes) nodes.", "There are 1 to \(Limits.validators) validators.",
      "93 changed less than \(Self.grouped(Int(Limits.keyChangeMilliseconds))) ms before",
      "how many `u8`, 1 to \(Limits.rememberedGroup);",
      "cut into groups of \(Limits.rememberedGroup),", "than \(Limits.forgottenIdentitiesPerBlock) + 4n ids",
      "by \(Limits.rememberedGroup - 1) at most", "at most \(Limits.snapshotChunkEntries), and at most",
      "\(Limits.snapshotPrefixBits), where n is", "headers above `u32`, at most \(Limits.receiptDescendants);",
      "chunk has at most \(Self.grouped(Limits.snapshotChunkBytes)) bytes, a manifest "
        + "\(Self.grouped(Limits.manifestBytes)).",
      "A proof has at most \(Self.grouped(EntryProof.byteLimit)) bytes",
      "would have more than \(Self.grouped(Limits.snapshotChunkBytes)) bytes is divided",
      "chunks `u32`, at most \(Self.grouped(Limits.snapshotChunks));",
    ]
    let stateText = try Self.text("formats-state.md").replacingOccurrences(of: "\n", with: " ")
    for bound in state { #expect(stateText.contains(bound), "\(bound)") }
  }

  private static func bounds(_ parameter: ChainParameter) -> String {
    "\(grouped(Int(parameter.bounds.lowerBound))) to \(grouped(Int(parameter.bounds.upperBound)))"
  }

  /// The number as documents write it: in groups of three digits if it has five digits or more.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    guard digits.count > 4 else { return String(digits) }
    return digits.indices.reduce(into: "") { text, index in
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digits[index])
    }
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

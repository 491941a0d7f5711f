import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("The receipt file")
struct ReceiptDocumentTests {
  private func rendered(_ hash: inout HashFunction) throws -> [UInt8] {
    ReceiptDocument.render(try Samples.receipt(&hash), chain: try Samples.genesis().chain, hash: &hash)
  }

  @Test("A receipt is written as the golden file, read back the same, and verifies with genesis")
  func golden() throws {
    var hash = HashFunction(.ed25519SHA256)
    let bytes = try rendered(&hash)
    #expect(String(decoding: bytes, as: UTF8.self) == (try Samples.golden("receipt.json", bytes)))
    let genesis = try Samples.genesis()
    let read = try ReceiptDocument.parse(bytes, document: "r.json", chain: genesis.chain, hash: &hash)
    #expect(read == (try Samples.receipt(&hash)))
    #expect(try read.verify(genesis: genesis).height == Height(1))
  }

  @Test("A receipt of a chain with older rules verifies", arguments: [1, 2, 3])
  func olderRules(version: Int) throws {
    var hash = HashFunction(.ed25519SHA256)
    let genesis = try GenesisDocument.parse(try Samples.kept("version-\(version)/genesis.json"), document: "g.json")
    let bytes = try Samples.kept("version-\(version)/receipt.json")
    let receipt = try ReceiptDocument.parse(bytes, document: "r.json", chain: genesis.chain, hash: &hash)
    #expect(ReceiptDocument.render(receipt, chain: genesis.chain, hash: &hash) == bytes)
    #expect(try receipt.verify(genesis: genesis).height == Height(1))
    // It is a different chain from one that the current version makes with the same members.
    #expect(genesis.digest != (try Samples.genesis().digest))
    #expect(throws: ReceiptError.self) { try receipt.verify(genesis: try Samples.genesis()) }
  }

  @Test("formats.md lists every member of a summary, and says which amounts it has")
  func documentedMembers() throws {
    var hash = HashFunction(.ed25519SHA256)
    guard case .object(let file) = try JSONParser.parse(try rendered(&hash), document: ""),
      case .object(let summary)? = file["summary"], case .array(let operations)? = summary["operations"]
    else {
      Issue.record("no summary")
      return
    }
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Documentation/formats.md")
    let text = try String(contentsOf: url.standardized, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "### The file of a receipt").last)
      .components(separatedBy: "\n## ")[0]
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
      row.split(separator: "|")[0].split(separator: "`").filter { $0.first?.isLetter == true }.map(String.init)
    }
    #expect(Set(rows) == Set(summary.keys))
    // There is an `amount` only if an earlier operation defines the asset: the sample defines gold, but also moves eur
    // and share.
    for case .object(let operation) in operations where operation["units"] != nil {
      #expect((operation["amount"] != nil) == (operation["asset"] == .string("gold")))
    }
  }

  @Test("A summary that differs from the receipt in any field is refused")
  func tamperedSummary() throws {
    var hash = HashFunction(.ed25519SHA256)
    let chain = try Samples.genesis().chain
    guard case .object(var file) = try JSONParser.parse(try rendered(&hash), document: ""),
      case .object(let summary)? = file["summary"]
    else {
      Issue.record("no summary")
      return
    }
    for key in summary.keys.sorted() + ["more"] {
      for value in [JSONValue.string("x"), nil] where key != "more" || value != nil {
        var changed = summary
        changed[key] = value
        file["summary"] = .object(changed)
        let bytes = JSONWriter.compact(.object(file))
        let error = try refusal {
          try ReceiptDocument.parse(bytes, document: "r.json", chain: chain, hash: &hash)
        }
        #expect(error.path.hasPrefix("summary"))
        #expect(error.explanation.contains(key))
      }
    }
    file["summary"] = nil
    _ = try ReceiptDocument.parse(JSONWriter.compact(.object(file)), document: "r.json", chain: chain, hash: &hash)
  }

  @Test("Texts in a summary agree byte for byte, not as Unicode takes them for equal")
  func composed() {
    let composed = JSONValue.string("caf\u{E9}")
    let decomposed = JSONValue.string("cafe\u{301}")
    #expect(composed == decomposed)
    for value in [{ $0 }, { .array([$0]) }, { .object(["a": $0]) }] as [(JSONValue) -> JSONValue] {
      #expect(!value(composed).isExactly(value(decomposed)))
      #expect(value(composed).isExactly(value(composed)))
    }
  }

  @Test("Bytes that are not a receipt are refused at their key")
  func damaged() throws {
    var hash = HashFunction(.ed25519SHA256)
    let chain = try Samples.genesis().chain
    for text in ["", "zz", "00", "0"] {
      let error = try refusal {
        try ReceiptDocument.parse(
          Array("{\"format\":\"roadbed-receipt/2\",\"receipt\":\"\(text)\"}".utf8), document: "r.json", chain: chain,
          hash: &hash)
      }
      #expect(error.path == "receipt")
    }
  }

  @Test("E6: a receipt of another chain is refused")
  func otherChain() throws {
    var hash = HashFunction(.ed25519SHA256)
    let bytes = try rendered(&hash)
    let other = ChainContext(suite: .ed25519SHA256, genesis: .zero)
    let error = try refusal {
      try ReceiptDocument.parse(bytes, document: "r.json", chain: other, hash: &hash)
    }
    #expect(error.code == "receipt.malformed-transaction")
  }
}

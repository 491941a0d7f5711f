import Cryptography
import Ledger
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("Transactions as JSON")
struct TransactionDocumentTests {
  private func text(_ edit: (inout [String: JSONValue]) -> Void = { _ in }) throws -> [UInt8] {
    var hash = HashFunction(.ed25519SHA256)
    let bytes = TransactionDocument.render(try Samples.draft(&hash), decimals: Samples.decimals)
    guard case .object(var members) = try JSONParser.parse(bytes, document: "") else { return [] }
    edit(&members)
    return JSONWriter.compact(.object(members))
  }

  private func read(_ bytes: [UInt8]) throws(DocumentError) -> SignedTransaction {
    var hash = HashFunction(.ed25519SHA256)
    let chain: ChainContext
    do { chain = try Samples.genesis().chain } catch { throw DocumentError(document: "", fault: .missingKey("")) }
    return try TransactionDocument(bytes, document: "request body")
      .transaction(chain: chain, decimals: Samples.decimals, hash: &hash)
  }

  @Test("A signed transaction is written as the golden document and read back byte for byte")
  func golden() throws {
    var hash = HashFunction(.ed25519SHA256)
    let draft = try Samples.draft(&hash)
    let bytes = TransactionDocument.render(draft, decimals: Samples.decimals)
    #expect(String(decoding: bytes, as: UTF8.self) == (try Samples.golden("transaction.json", bytes)))
    #expect(try read(bytes).bytes == (try draft.assemble(hash: &hash).bytes))
  }

  @Test("A transaction without signatures is a draft to be signed, not a transaction")
  func unsigned() throws {
    var hash = HashFunction(.ed25519SHA256)
    let signed = try Samples.draft(&hash)
    let draft = try TransactionDraft(unsignedBytes: signed.unsignedBytes, chain: signed.chain, hash: &hash)
    let bytes = TransactionDocument.render(draft, decimals: Samples.decimals)
    let read = try TransactionDocument(bytes, document: "tx.json")
      .draft(chain: signed.chain, decimals: Samples.decimals, hash: &hash)
    #expect(read.unsignedBytes == signed.unsignedBytes)
    #expect(read.signatures.isEmpty)
    #expect(try refusal { try self.read(bytes) }.code == "transaction.no-signatures")
  }

  @Test("Format, genesis and id may be omitted, and must match if they are given")
  func optionalKeys() throws {
    let whole = try read(try text())
    let short = try text { members in
      for key in ["format", "genesis", "id"] { members[key] = nil }
      members["validUntil"] = .integer(1_900_000_600_000 as UInt64)
    }
    #expect(try read(short) == whole)
    // Many readers would lose digits of a number.
    let number = try text { $0["nonce"] = .integer(7) }
    #expect(try refusal { try read(number) }.code == "json.wrong-type")
    for key in ["format", "genesis", "id"] {
      let bytes = try text { $0[key] = .text(Digest.zero) }
      let error = try refusal { try read(bytes) }
      #expect(error.path == key)
      #expect(error.document == "request body")
    }
  }

  @Test("E7: one member's key may sign once")
  func repeatedSignature() throws {
    let bytes = try text { members in
      guard case .array(let list)? = members["signatures"] else { return }
      members["signatures"] = .array(list + list.prefix(1))
    }
    #expect(try refusal { try read(bytes) }.path == "signatures[2]")
  }

  @Test("A changed operation changes the id, so a file whose id stayed is refused")
  func changedOperation() throws {
    let bytes = try text { members in
      guard case .array(var list)? = members["operations"] else { return }
      list.removeLast()
      members["operations"] = .array(list)
    }
    #expect(try refusal { try read(bytes) }.path == "id")
  }

  @Test("A request carries one transaction or a bounded list")
  func requests() throws {
    let one = String(decoding: try text(), as: UTF8.self)
    let single = try TransactionDocument.request(Array(one.utf8), document: "request body", limit: 2)
    #expect(single.transactions.count == 1 && !single.isMany)
    let many = try TransactionDocument.request(
      Array("{\"transactions\":[\(one),\(one)]}".utf8), document: "request body", limit: 2)
    #expect(many.transactions.count == 2 && many.isMany)
    let error = try refusal {
      try TransactionDocument.request(
        Array("{\"transactions\":[\(one),\(one)]}".utf8), document: "request body", limit: 1
      ).isMany
    }
    #expect(error.path == "transactions")
  }
}

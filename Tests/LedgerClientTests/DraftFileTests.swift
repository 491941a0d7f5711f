import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("Files of transactions that several members sign")
struct DraftFileTests {
  private let chain = ChainContext(suite: .ed25519SHA256, genesis: Digest(1, 2, 3, 4))
  private let eur = Samples.name("eur")

  private func draft() throws -> TransactionDraft {
    var draft = try TransactionBuilder(chain: chain).draft([
      .assetTransfer(
        asset: eur, from: Samples.account("bank-a/main"), to: Samples.account("bank-b"), amount: Amount(1250)),
      .accountOpen(account: Samples.account("bank-b/rent"), description: ""),
    ])
    try draft.sign(as: Samples.name("bank-a"), with: try Samples.privateKey(1))
    return draft
  }

  private func euro() throws -> FakeTransport.Reply {
    try .answer(AssetView(name: eur, issuer: Samples.name("mint"), description: "", decimals: 2, supply: Amount(5000)))
  }

  @Test("A file has the same transaction for who reads it, and takes a further signature")
  func passedOn() throws {
    let first = try draft()
    var second = try DraftFile.read(DraftFile.write(first), document: "half.json", chain: chain)
    #expect(second.id == first.id && second.bytes == first.bytes)
    try second.sign(as: Samples.name("bank-b"), with: try Samples.privateKey(2))
    let whole = try DraftFile.read(DraftFile.write(second), document: "whole.json", chain: chain)
    let signed = try TransactionBuilder(chain: chain).sign(whole, signers: [])
    #expect(signed.id == first.id && signed.signatures.map(\.member.description) == ["bank-a", "bank-b"])
  }

  @Test("A signature over anything else is refused, with its member and the file, before anyone signs beside it")
  func otherSignature() async throws {
    var file = try draft()
    let key = try Samples.privateKey(3)
    file.add(
      TransactionSignature(
        member: Samples.name("bank-c"), key: key.publicKey, signature: try key.sign(Array("another".utf8))))
    let error = try await clientError { try DraftFile.read(DraftFile.write(file), document: "half.json", chain: chain) }
    #expect(error == .draftSignature(document: "half.json", member: Samples.name("bank-c")))
    #expect(
      error.code == "client.draft-signature" && error.explanation.hasPrefix("half.json has a signature of bank-c"))
    #expect(error.nextStep.hasPrefix("do not sign it"))
  }

  @Test("A file whose operations were changed, or that is of another chain, is refused")
  func changed() async throws {
    let file = DraftFile.write(try draft())
    let text = String(decoding: file, as: UTF8.self)
    let more = Array(text.replacingOccurrences(of: "1250", with: "9250").utf8)
    #expect(more != file)
    var error = try await clientError { try DraftFile.read(more, document: "half.json", chain: chain) }
    #expect(error.explanation.contains("half.json") && error.explanation.contains("id"), "\(error.explanation)")
    let other = ChainContext(suite: .ed25519SHA256, genesis: .zero)
    error = try await clientError { try DraftFile.read(file, document: "half.json", chain: other) }
    #expect(error.explanation.contains("genesis"), "\(error.explanation)")
    error = try await clientError { try DraftFile.read([1, 2], document: "half.json", chain: chain) }
    #expect(error.explanation.contains("half.json"))
  }

  @Test("A client writes amounts as people read them, and reads them with the decimals of its node")
  func decimals() async throws {
    let draft = try draft()
    var transport = FakeTransport([try euro()])
    let file = try await transport.client().draftFile(of: draft)
    #expect(String(decoding: file, as: UTF8.self).contains("\"amount\": \"12.50\""))
    #expect(transport.requests.map(\.url) == ["http://a:1/v1/assets/eur"])
    transport = FakeTransport([try euro()])
    let read = try await transport.client().draft(in: file, document: "half.json", chain: chain)
    #expect(read.id == draft.id && transport.repliesLeft == 0)
    // What people read must be what they sign.
    let text = String(decoding: file, as: UTF8.self).replacingOccurrences(of: "12.50", with: "1.25")
    transport = FakeTransport([try euro()])
    let error = try await clientError {
      try await transport.client().draft(in: Array(text.utf8), document: "half.json", chain: chain)
    }
    #expect(error.explanation.contains("units"), "\(error.explanation)")
  }

  @Test("A preview carries the signatures so far, of which there may be none")
  func preview() async throws {
    let unsigned = try TransactionBuilder(chain: chain).draft(try draft().operations)
    for draft in [unsigned, try draft()] {
      let transport = FakeTransport([try .refusal(422, "admission.expired")])
      let error = try await clientError { try await transport.client().preview(draft) }
      #expect(error.code == "admission.expired")
      #expect(transport.requests.map(\.url) == ["http://a:1/v1/transactions/preview"])
      #expect(transport.requests.map(\.body) == [draft.bytes])
    }
  }
}

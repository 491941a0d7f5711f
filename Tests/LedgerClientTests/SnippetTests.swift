import ClientSnippets
import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import TestHarness
import Testing

/// Runs what the pages show and needs no node. `ClientPagesTests` runs the rest.
@Testing.Suite("The code on the pages, without a node")
struct SnippetTests {
  private let chain = ChainContext(suite: .ed25519SHA256, genesis: Digest(1, 2, 3, 4))

  private func transaction() throws -> SignedTransaction {
    try TransactionBuilder(chain: chain).transaction(
      [.accountOpen(account: Samples.account("bank-a/rent"), description: "")],
      signers: [Signer(member: Samples.name("bank-a"), key: try Samples.privateKey(1))])
  }

  @Test(
    "Submitting until the outcome is known sends the same bytes after a broken connection, and ends with the outcome")
  func untilKnown() async throws {
    let transaction = try transaction()
    let outcome = OutcomeView(.applied)
    let transport = FakeTransport([
      .failure(.broken(reason: "x")),
      try .answer(SubmitResult(finalized: transaction.id, height: Height(7), outcome: outcome)),
    ])
    let result = try await submitUntilKnown(transaction, client: transport.client())
    #expect(result.height == Height(7) && result.outcome == outcome)
    #expect(transport.requests.map(\.body) == [transaction.bytes, transaction.bytes])
  }

  @Test("Submitting until the outcome is known ends at once if a node refuses the transaction")
  func refused() async throws {
    let transport = FakeTransport([try .refusal(422, "admission.foreign-key")])
    let transaction = try transaction()
    let error = try await clientError { try await submitUntilKnown(transaction, client: transport.client()) }
    #expect(error.code == "admission.foreign-key" && transport.requests.count == 1)
  }

  @Test("An error is shown with its code, what happened and what to do; any other as it is")
  func explanation() async throws {
    let transport = FakeTransport([try .refusal(422, "admission.expired")])
    let error = try await clientError { try await transport.client().status() }
    #expect(
      explained(error)
        == "[admission.expired] http://a:1 refused (HTTP 422): about admission.expired. Next: do admission.expired")
    #expect(explained(CancellationError()) == "CancellationError()")
  }

  @Test("The configuration of the page is the one that a client uses")
  func settings() async throws {
    let busy = try FakeTransport.Reply.refusal(429, "mempool.full", retryAfter: 60)
    let transport = FakeTransport(Array(repeating: busy, count: 10))
    let made = configuration(token: "s3cret", certificates: nil)
    let error = try await clientError { try await transport.client { $0 = made }.status() }
    #expect(error.code == "mempool.full" && transport.repliesLeft == 0)
    #expect(transport.pauses.allSatisfy { $0 <= .milliseconds(2500) })
    #expect(transport.requests.allSatisfy { $0.token == "s3cret" && $0.timeout == .seconds(10) })
  }

  @Test("A key in a file signs as its member, and needs its passphrase")
  func keyFile() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let passphrase = Array("correct horse".utf8)
    let key = try Samples.privateKey(5)
    try KeyFile.write(key, to: "\(folder)/bank-a.pem", passphrase: passphrase)
    let bank = Samples.name("bank-a")
    let opened = try signer(bank, keyFile: "\(folder)/bank-a.pem", passphrase: passphrase, suite: .ed25519SHA256)
    #expect(opened.member == bank && opened.key.publicKey == key.publicKey)
    #expect(throws: CryptoError.self) {
      try signer(bank, keyFile: "\(folder)/bank-a.pem", passphrase: nil, suite: .ed25519SHA256)
    }
  }
}

import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@Testing.Suite("Transactions with an unknown outcome")
struct PendingTests {
  private let builder = TransactionBuilderTests()

  /// A signed transaction that is valid for `seconds` from now, or expired that long ago if negative.
  private func transaction(validFor seconds: Int64 = 600) throws -> SignedTransaction {
    let now = Timestamp.now.rawValue
    let end = Timestamp(UInt64(Int64(now) + seconds * 1000))
    return try TransactionBuilder(genesis: try builder.genesis()).transaction(
      [try builder.operation()], signers: [Signer(member: try builder.name("bank-a"), key: try builder.key(1))],
      validUntil: end, nonce: 7)
  }

  private func status(
    of transaction: SignedTransaction, _ stage: TransactionStatus.Stage
  ) -> TransactionStatus {
    TransactionStatus(
      id: transaction.id, status: stage, height: stage == .finalized ? Height(3) : nil,
      outcome: stage == .finalized ? OutcomeView(.applied) : nil, validUntil: transaction.validUntil, nonce: 7,
      operations: [], signatures: [])
  }

  private func status(blockTime: Timestamp) throws -> NodeStatus {
    NodeStatus(
      chain: ChainView(name: "sample", suite: .ed25519SHA256, genesis: .zero), node: try builder.name("node1"),
      member: try builder.name("bank-a"), role: .validator, height: Height(9), block: .zero, blockTime: blockTime,
      epoch: 0, view: 1,
      leader: try builder.name("node1"), mempool: MempoolView(transactions: 0, bytes: 0), peers: [],
      time: blockTime, uptimeMilliseconds: 1, versions: VersionsView(software: "1", rules: 3))
  }

  @Test("A wait that is over gives the requested time, and carries the transaction's bytes and end")
  func notFinal() async throws {
    let transaction = try transaction()
    let transport = FakeTransport([
      try .answer(SubmitResult(accepted: transaction.id), status: 202), try .answer(status(of: transaction, .pending)),
    ])
    let error = try await clientError {
      try await transport.client().submitAndWait(transaction, timeout: .milliseconds(0))
    }
    #expect(error == .notFinal(PendingTransaction(transaction), waited: .zero))
    let four = ClientError.notFinal(PendingTransaction(transaction), waited: .seconds(4))
    #expect(four.explanation.contains("not final within 4 seconds"))
    #expect(four.explanation.contains("up to \(transaction.validUntil.iso8601)"))
    #expect(four.nextStep.contains("a second one") || four.nextStep.contains("second"))
  }

  @Test("The node is not asked to wait longer than the transaction is valid")
  func boundedWait() async throws {
    let transaction = try transaction(validFor: 3000)
    let transport = FakeTransport([
      try .answer(SubmitResult(finalized: transaction.id, height: Height(1), outcome: OutcomeView(.applied)))
    ])
    _ = try await transport.client().submitAndWait(transaction, timeout: .seconds(30_000))
    let wait = try #require(transport.requests[0].url.split(separator: "=").last.flatMap { Int($0) })
    #expect((1...3_000_000).contains(wait))
  }

  @Test("An expired transaction is looked up: it is final, certainly expired, or not certain yet")
  func expired() async throws {
    let transaction = try transaction(validFor: -5)
    let pending = PendingTransaction(transaction)
    let later = Timestamp(transaction.validUntil.rawValue + 1)
    let refusal = try FakeTransport.Reply.refusal(422, "admission.expired")

    var transport = FakeTransport([
      refusal, try .answer(try status(blockTime: later)), try .answer(status(of: transaction, .finalized)),
    ])
    #expect(try await transport.client().submit(transaction).status == .finalized)

    transport = FakeTransport([
      refusal, try .answer(try status(blockTime: later)), try .refusal(404, "transaction.unknown"),
    ])
    var error = try await clientError { try await transport.client().submit(transaction) }
    #expect(error == .expired(pending, node: "http://a:1"))
    #expect(error.code == "client.expired" && error.nextStep.contains("changed nothing"))

    // The last final block is not later, so a block that is not final yet may contain the transaction.
    transport = FakeTransport([
      refusal, try .answer(try status(blockTime: transaction.validUntil)), try .refusal(404, "transaction.unknown"),
    ])
    error = try await clientError { try await transport.client().submit(transaction) }
    #expect(error == .notFinal(pending, waited: .zero))

    // A node that cannot look up the whole chain may have forgotten what it applied.
    transport = FakeTransport([
      refusal, try .answer(try status(blockTime: later)), try .refusal(404, "transaction.not-here"),
    ])
    error = try await clientError { try await transport.client().submit(transaction) }
    #expect(error == .notFinal(pending, waited: .zero))

    // One node has later blocks and another one does not know the transaction, which proves nothing.
    transport = FakeTransport([
      refusal, try .answer(try status(blockTime: later)), .failure(.notConnected(reason: "x")),
      try .refusal(404, "transaction.unknown"),
    ])
    error = try await clientError { try await transport.client(["http://a:1", "http://b:1"]).submit(transaction) }
    #expect(error == .notFinal(pending, waited: .zero))
  }

  @Test(
    "An attempt that may have arrived makes the outcome unknown, whatever follows it",
    arguments: [
      [FakeTransport.Reply.failure(.broken(reason: "x"))], [.failure(.timedOut(.seconds(1)))],
      [.failure(.answerTooLong(limit: 1))], [.bytes("<html>", status: 502)], [.bytes("{", status: 200)],
      [.bytes("{\"error\": {\"code\": \"api.internal\", \"message\": \"m\", \"nextStep\": \"n\"}}", status: 500)],
    ])
  func unknown(replies: [FakeTransport.Reply]) async throws {
    let transaction = try transaction()
    let error = try await clientError { try await FakeTransport(replies).client().submit(transaction) }
    guard case .outcomeUnknown(PendingTransaction(transaction), _, _) = error else { throw error }
    #expect(error.explanation.contains("may have been submitted"))
    #expect(error.explanation.contains(transaction.validUntil.iso8601))
  }

  @Test("A refusal after an attempt that may have arrived does not hide that")
  func refusedElsewhere() async throws {
    let transaction = try transaction()
    let transport = FakeTransport([.failure(.broken(reason: "x")), try .refusal(403, "other.refusal")])
    let error = try await clientError {
      try await transport.client(["http://a:1", "http://b:1"]).submit(transaction)
    }
    guard case .outcomeUnknown(_, let faults, let refusal) = error else { throw error }
    #expect(faults.map(\.node) == ["http://a:1"] && refusal?.code == "other.refusal")
  }

  @Test("A transaction that certainly reached no node is refused or unreachable, not unknown")
  func certain() async throws {
    let transaction = try transaction()
    let refused = try await clientError {
      try await FakeTransport([try .refusal(403, "admission.unknown-member")]).client().submit(transaction)
    }
    #expect(refused.code == "admission.unknown-member")
    let unreachable = try await clientError {
      try await FakeTransport([.failure(.notConnected(reason: "x"))]).client().submit(transaction)
    }
    #expect(unreachable.code == "client.unreachable")
  }

  @Test("Nodes that go away while a transaction is waited for leave its outcome unknown")
  func goneWhileWaiting() async throws {
    let transaction = try transaction()
    let transport = FakeTransport([
      try .answer(SubmitResult(accepted: transaction.id), status: 202), .failure(.notConnected(reason: "x")),
    ])
    let error = try await clientError {
      try await transport.client().submitAndWait(transaction, timeout: .zero)
    }
    guard case .outcomeUnknown(PendingTransaction(transaction), _, nil) = error else { throw error }
  }
}

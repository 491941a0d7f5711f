import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@Testing.Suite("Submitting and waiting")
struct SubmitTests {
  private static func id(_ number: UInt64) -> Digest { Digest(number, 0, 0, 0) }

  private func status(_ stage: TransactionStatus.Stage) -> TransactionStatus {
    TransactionStatus(
      id: Self.id(7), status: stage, height: stage == .finalized ? Height(3) : nil,
      outcome: stage == .finalized ? OutcomeView(.applied) : nil, validUntil: Timestamp(4_102_444_800_000), nonce: 1,
      operations: [],
      signatures: [])
  }

  @Test("One transaction goes as its bytes; with a wait the node is asked to answer when it is final")
  func one() async throws {
    let result = SubmitResult(finalized: Self.id(1), height: Height(9), outcome: OutcomeView(.applied))
    let transport = FakeTransport([try .answer(result), try .answer(result)])
    let client = try transport.client()
    #expect(try await client.submit([1, 2]) == result)
    #expect(try await client.submit([1, 2], wait: .seconds(2)) == result)
    #expect(
      transport.requests.map(\.url) == [
        "http://a:1/v1/transactions", "http://a:1/v1/transactions?wait=finalized&timeout=2000",
      ])
    #expect(transport.requests.allSatisfy { $0.method == .post && $0.contentType == MediaType.bytes })
    #expect(transport.requests[1].timeout == transport.requests[0].timeout + .seconds(2))
  }

  @Test("Many transactions go behind their lengths, at most 512 and 8 MiB in one request")
  func many() async throws {
    let counts = [512, 88]
    let transport = FakeTransport(
      try counts.map { count in
        try .answer(SubmitResults((0..<count).map { SubmitResult(accepted: Self.id(UInt64($0))) }))
      })
    let results = try await transport.client().submit(many: Array(repeating: [5, 6, 7], count: 600))
    #expect(results.count == 600)
    #expect(transport.requests.map(\.body.count) == counts.map { $0 * 7 })
    #expect(transport.requests[0].body.prefix(7) == [3, 0, 0, 0, 5, 6, 7])
    #expect(transport.requests[0].url == "http://a:1/v1/transactions?many=true")
    #expect(LedgerClient.chunks(Array(repeating: 3 << 20, count: 5)) == [0..<2, 2..<4, 4..<5])
    #expect(LedgerClient.chunks([]).isEmpty)
    #expect(LedgerClient.chunks([8 << 20, 1]) == [0..<1, 1..<2])
  }

  @Test("The results of many are requested as bytes and read from them; JSON, from an older node, is read too")
  func manyAsBytes() async throws {
    let answers: [SubmitAnswer] = [
      .finalized(Self.id(1), height: Height(9), .applied),
      .refused(nil, ErrorDetail(code: "transaction.malformed", message: "m", nextStep: "n")),
    ]
    let results = answers.map { SubmitResult($0) }
    let transport = FakeTransport([
      .success(
        ClientResponse(status: 202, contentType: MediaType.results, body: SubmitAnswer.encode(answers))),
      try .answer(SubmitResults(results), status: 202),
      .success(ClientResponse(status: 202, contentType: MediaType.results, body: [2, 2])),
    ])
    let client = try transport.client()
    #expect(try await client.submit(many: [[1], [2]]) == results)
    #expect(try await client.submit(many: [[1], [2]]) == results)
    let error = try await clientError { try await client.submit(many: [[1], [2]]) }
    guard case .unexpectedAnswer = error else { throw error }
    #expect(transport.requests.allSatisfy { $0.accept == MediaType.results })
  }

  @Test("Only the transactions that a node deferred are sent again, and the results stay in order")
  func putOff() async throws {
    let full = ErrorDetail(code: "mempool.full", message: "", nextStep: "", retryAfterMilliseconds: 200)
    let bad = ErrorDetail(code: "transaction.malformed", message: "", nextStep: "")
    let transport = FakeTransport([
      try .answer(
        SubmitResults([
          SubmitResult(refused: Self.id(1), error: full), SubmitResult(refused: nil, error: bad),
          SubmitResult(accepted: Self.id(3)), SubmitResult(refused: Self.id(4), error: full),
        ])),
      try .answer(
        SubmitResults([SubmitResult(accepted: Self.id(1)), SubmitResult(refused: Self.id(4), error: full)])),
      try .answer(SubmitResults([SubmitResult(accepted: Self.id(4))])),
    ])
    let results = try await transport.client().submit(many: [[1], [2], [3], [4]])
    #expect(results.map(\.id) == [Self.id(1), nil, Self.id(3), Self.id(4)])
    #expect(results.map(\.status) == [.accepted, .refused, .accepted, .accepted])
    #expect(transport.requests.map(\.body.count) == [20, 10, 5])
    #expect(transport.pauses.count == 2)
  }

  @Test("Fewer results than transactions are not a valid answer")
  func missingResults() async throws {
    let transport = FakeTransport([try .answer(SubmitResults([]))])
    let error = try await clientError { try await transport.client().submit(many: [[1]]) }
    #expect(error.explanation.contains("0 results for 1 transactions"))
  }

  @Test("Waiting continues if a node is gone or does not know the transaction yet")
  func waiting() async throws {
    let transport = FakeTransport([
      try .answer(status(.pending)), .failure(.broken(reason: "x")), try .refusal(404, "transaction.unknown"),
      try .answer(status(.finalized)),
    ])
    let final = try await transport.client().waitForFinality(Self.id(7), timeout: .seconds(100_000))
    #expect(final.height == Height(3))
    #expect(transport.repliesLeft == 0)
    #expect(transport.requests[0].url.hasPrefix("http://a:1/v1/transactions/\(Self.id(7))?wait=finalized&timeout="))
  }

  @Test("When the time is over, the error says so and that asking again is safe")
  func notFinal() async throws {
    let transport = FakeTransport([try .answer(status(.pending))])
    let error = try await clientError {
      try await transport.client().waitForFinality(Self.id(7), timeout: .zero)
    }
    #expect(
      error == .notFinal(PendingTransaction(id: Self.id(7), validUntil: Timestamp(4_102_444_800_000)), waited: .zero))
    #expect(error.explanation.contains("up to 2100-01-01T00:00:00.000Z"))
    #expect(error.nextStep.contains("applied at most once"))
  }

  @Test("A refusal that waiting cannot resolve ends the waiting")
  func refusedWait() async throws {
    let transport = FakeTransport([try .refusal(400, "request.malformed")])
    let error = try await clientError { try await transport.client().waitForFinality(Self.id(7)) }
    #expect(error.code == "request.malformed")
  }
}

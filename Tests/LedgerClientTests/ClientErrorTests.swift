import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@Testing.Suite("Errors between client and node")
struct ClientErrorTests {
  private var pool: Page<MemberView> { Page(items: [], height: .genesis) }

  @Test("A node's refusal comes through with its code, message and next step")
  func refusal() async throws {
    let transport = FakeTransport([try .refusal(422, "admission.expired")])
    let error = try await clientError { try await transport.client().submit([1]) }
    #expect(error.code == "admission.expired")
    #expect(error.explanation == "http://a:1 refused (HTTP 422): about admission.expired")
    #expect(error.nextStep == "do admission.expired")
    #expect(!error.isNotFound)
    #expect(transport.pauses.isEmpty)
  }

  @Test("A node that cannot be reached is named, with the reason and what to check")
  func unreachable() async throws {
    let transport = FakeTransport([.failure(.notConnected(reason: "Connection refused"))])
    let error = try await clientError { try await transport.client().status() }
    #expect(error.code == "client.unreachable")
    #expect(error.explanation == "http://a:1: no connection (Connection refused)")
    #expect(error.nextStep.contains("roadbed cluster status"))
  }

  @Test("The next node is asked if one cannot be reached, and is kept for later requests")
  func failover() async throws {
    let transport = FakeTransport([
      .failure(.notConnected(reason: "x")), try .answer(pool), try .answer(pool),
    ])
    let client = try transport.client(["http://a:1", "https://b/"])
    _ = try await client.members()
    _ = try await client.members()
    #expect(transport.requests.map(\.url) == ["http://a:1", "https://b", "https://b"].map { $0 + "/v1/members" })
    #expect(transport.pauses.isEmpty)
  }

  @Test("If no node can be reached, each is asked once and each is named")
  func allUnreachable() async throws {
    let transport = FakeTransport([
      .failure(.notConnected(reason: "x")), .failure(.timedOut(.seconds(30))),
    ])
    let error = try await clientError { try await transport.client(["http://a:1", "http://b:1"]).status() }
    #expect(
      error.explanation == "http://a:1: no connection (x); http://b:1: no answer within 30 seconds")
  }

  @Test("N3: a full node is asked again with the same bytes after the time that it names")
  func retryAfter() async throws {
    let result = SubmitResult(accepted: Digest(1, 2, 3, 4))
    let transport = FakeTransport([
      try .refusal(429, "mempool.full", retryAfter: 2), try .refusal(503, "node.catching-up", milliseconds: 300),
      try .answer(result, status: 202),
    ])
    #expect(try await transport.client().submit([1, 2, 3]) == result)
    #expect(transport.requests.count == 3)
    #expect(Set(transport.requests.map(\.body)) == [[1, 2, 3]])
    #expect(transport.pauses.count == 2)
    #expect((.seconds(2))...(.milliseconds(2500)) ~= transport.pauses[0])
    #expect((.milliseconds(300))...(.milliseconds(375)) ~= transport.pauses[1])
  }

  @Test("N3: a node that stays full is given up after a bounded number of attempts, and no pause is too long")
  func retriesAreBounded() async throws {
    let busy = try FakeTransport.Reply.refusal(429, "mempool.full", retryAfter: 3600)
    let transport = FakeTransport(Array(repeating: busy, count: 6))
    let error = try await clientError { try await transport.client().submit([1]) }
    #expect(error.code == "mempool.full")
    #expect(error.explanation == "http://a:1 was busy 6 times: about mempool.full")
    #expect(transport.repliesLeft == 0)
    #expect(transport.pauses.count == 5)
    #expect(transport.pauses.allSatisfy { $0 <= .milliseconds(6250) })
  }

  @Test("A node that has stopped is skipped; if it is the only one, its reason is the error")
  func stopped() async throws {
    let stopped = try FakeTransport.Reply.refusal(503, "node.stopped")
    var transport = FakeTransport([stopped, try .answer(pool)])
    _ = try await transport.client(["http://a:1", "http://b:1"]).members()
    transport = FakeTransport([stopped])
    let error = try await clientError { try await transport.client().members() }
    #expect(error.code == "node.stopped")
    #expect(transport.pauses.isEmpty)
  }

  @Test("An answer that is not of this API is reported as such, with where it differs")
  func unexpected() async throws {
    var transport = FakeTransport([.bytes("<html>", status: 502)])
    var error = try await clientError { try await transport.client().status() }
    #expect(error.explanation == "http://a:1 answered HTTP 502: not an error of this API: \"<html>\"")
    transport = FakeTransport([.bytes("{\"items\":[{\"name\":\"Bank\"}]}")])
    error = try await clientError { try await transport.client().members() }
    #expect(error.code == "client.unexpected-answer")
    #expect(error.explanation.contains("items.[0].name: 'Bank' is not a name of 1 to 32"))
    transport = FakeTransport([.bytes("not JSON")])
    error = try await clientError { try await transport.client().members() }
    #expect(error.code == "client.unexpected-answer")
  }

  @Test("A cancelled request is not sent to other nodes")
  func cancelled() async throws {
    let transport = FakeTransport([.failure(.cancelled)])
    let error = try await clientError { try await transport.client(["http://a:1", "http://b:1"]).status() }
    #expect(error == .cancelled)
  }

  @Test(
    "An invalid address is refused before anything is sent",
    arguments: ["", "127.0.0.1:80", "ftp://a", "http://", "http://a/?x=1", "http://a/#x", "http://user@a", "localhost"])
  func addresses(text: String) throws {
    #expect {
      try NodeAddress.parse(text)
    } throws: { error in
      (error as? ClientError)?.code == "client.address"
    }
  }

  @Test("D7: a token is sent with each request and shown in no error")
  func token() async throws {
    let transport = FakeTransport([.failure(.broken(reason: "x"))])
    let error = try await clientError { try await transport.client { $0.token = "s3cret" }.status() }
    #expect(transport.requests.map(\.token) == ["s3cret"])
    #expect(!"\(error) \(error.explanation) \(error.nextStep)".contains("s3cret"))
    #expect {
      try transport.client { $0.token = "s3cret\r\nX: y" }
    } throws: { error in
      (error as? ClientError) == .token && !"\(error)".contains("s3cret")
    }
  }

  @Test("A refused connection is named with its address, by the real transport")
  func refusedConnection() async throws {
    // Port 1 of the loopback interface: nothing listens there.
    let client = try LedgerClient(node: NodeAddress.parse("http://127.0.0.1:1"))
    let error = try await clientError { try await client.status() }
    #expect(error.explanation == "http://127.0.0.1:1: no connection (Connection refused)")
    await client.shutdown()
    await client.shutdown()
  }

  @Test("The transport is shut down with the client, even if the work on it fails")
  func shutdown() async throws {
    let transport = FakeTransport([])
    try await transport.client().shutdown()
    #expect(transport.isShutDown)
  }
}

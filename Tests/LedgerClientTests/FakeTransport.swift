import Foundation
import LedgerClient
import LedgerJSON
import Synchronization
import Testing

/// Answers from a script and records the requests. A request for which the script has no answer fails the test.
final class FakeTransport: ClientTransport {
  typealias Reply = Result<ClientResponse, TransportFault>

  private struct State {
    var replies: [Reply]
    var requests: [ClientRequest] = []
    var pauses: [Duration] = []
    var isShutDown = false
  }

  private let state: Mutex<State>

  init(_ replies: [Reply]) { state = Mutex(State(replies: replies)) }

  var requests: [ClientRequest] { state.withLock { $0.requests } }
  var pauses: [Duration] { state.withLock { $0.pauses } }
  var isShutDown: Bool { state.withLock { $0.isShutDown } }
  var repliesLeft: Int { state.withLock { $0.replies.count } }

  func send(_ request: ClientRequest) async throws(TransportFault) -> ClientResponse {
    let reply: Reply? = state.withLock { state in
      state.requests.append(request)
      return state.replies.isEmpty ? nil : state.replies.removeFirst()
    }
    guard let reply else {
      Issue.record("an unexpected request for \(request.url)")
      throw .cancelled
    }
    return try reply.get()
  }

  func shutdown() async { state.withLock { $0.isShutDown = true } }

  /// A client over this transport that does not actually pause.
  func client(
    _ nodes: [String] = ["http://a:1"], _ edit: (inout ClientConfiguration) -> Void = { _ in }
  ) throws -> LedgerClient {
    var configuration = ClientConfiguration()
    edit(&configuration)
    return try LedgerClient(
      nodes: nodes.map { try #require(URL(string: $0)) }, configuration: configuration, transport: self,
      sleep: { time in self.state.withLock { $0.pauses.append(time) } })
  }
}

extension FakeTransport.Reply {
  /// A successful answer.
  static func answer(_ value: some Encodable, status: Int = 200) throws -> FakeTransport.Reply {
    .success(ClientResponse(status: status, body: Array(try AnswerCoding.encode(value))))
  }

  static func refusal(
    _ status: Int, _ code: String, retryAfter: Int? = nil, milliseconds: UInt64? = nil
  ) throws -> FakeTransport.Reply {
    let detail = ErrorDetail(
      code: code, message: "about \(code)", nextStep: "do \(code)", retryAfterMilliseconds: milliseconds)
    return .success(
      ClientResponse(status: status, retryAfter: retryAfter, body: Array(try AnswerCoding.encode(ErrorBody(detail)))))
  }

  static func bytes(_ text: String, status: Int = 200) -> FakeTransport.Reply {
    .success(ClientResponse(status: status, body: Array(text.utf8)))
  }
}

/// The `ClientError` that `body` throws.
func clientError<Value>(_ body: () async throws -> Value) async throws -> ClientError {
  do {
    let value = try await body()
    Issue.record("no error, but \(value)")
    throw CancellationError()
  } catch let error as ClientError {
    return error
  }
}

public import Primitives

/// Carries one request to a node and its answer back. The client's default uses HTTP; tests use another.
public protocol ClientTransport: Sendable {
  func send(_ request: ClientRequest) async throws(TransportFault) -> ClientResponse
  /// Closes all connections. Nothing is sent afterwards.
  func shutdown() async
}

public struct ClientRequest: Hashable, Sendable {
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  public var method: Method
  public var url: String
  /// The content type of the body; nil without a body.
  public var contentType: String?
  /// The content type that the client accepts.
  public var accept: String
  public var body: [UInt8]
  public var token: String?
  /// For the whole exchange.
  public var timeout: Duration
  /// The most bytes of the answer.
  public var answerBytes: Int
}

public struct ClientResponse: Hashable, Sendable {
  public var status: Int
  /// The whole seconds of the header `Retry-After`, if there is one.
  public var retryAfter: Int?
  /// The header `Content-Type`, if there is one; without it the body is read as JSON.
  public var contentType: String?
  public var body: [UInt8]

  public init(status: Int, retryAfter: Int? = nil, contentType: String? = nil, body: [UInt8]) {
    self.status = status
    self.retryAfter = retryAfter
    self.contentType = contentType
    self.body = body
  }
}

/// Why there was no answer.
public enum TransportFault: Error, Hashable, Sendable {
  case notConnected(reason: String)
  /// The connection broke after the request may have arrived.
  case broken(reason: String)
  case timedOut(Duration)
  case answerTooLong(limit: Int)
  case cancelled
}

extension TransportFault {
  /// The reason in `notConnected` if nothing answered the attempt, not even with a refusal.
  public static let noneInTime = "none in time"

  /// Whether the request may have reached the node.
  var mayHaveArrived: Bool {
    if case .notConnected = self { false } else { true }
  }
}

extension TransportFault: ExplainedError {
  public var code: String {
    switch self {
    case .notConnected: "client.not-connected"
    case .broken: "client.connection-broken"
    case .timedOut: "client.timed-out"
    case .answerTooLong: "client.answer-too-long"
    case .cancelled: "client.cancelled"
    }
  }

  public var explanation: String {
    switch self {
    case .notConnected(let reason): "no connection (\(reason))"
    case .broken(let reason): "the connection broke (\(reason))"
    case .timedOut(let time): "no answer within \(time.text)"
    case .answerTooLong(let limit): "the answer has more than \(limit) bytes"
    case .cancelled: "the request was cancelled"
    }
  }

  public var nextStep: String {
    switch self {
    case .answerTooLong: "request a smaller page, or allow longer answers"
    default: "check the node and send the same bytes again; they are applied at most once"
    }
  }
}

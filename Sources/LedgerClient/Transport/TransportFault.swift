public import Primitives

/// Why a request got no answer.
public enum TransportFault: Error, Hashable, Sendable {
  case notConnected(reason: String)
  /// The connection broke, possibly after the request arrived.
  case broken(reason: String)
  case timedOut(Duration)
  case answerTooLong(limit: Int)
  case cancelled
}

extension TransportFault {
  /// The reason in `notConnected` if the attempt got no response at all, not even a refusal.
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

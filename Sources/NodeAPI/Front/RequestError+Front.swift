internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import Node
internal import Primitives

// Refusals before any route has seen the request.
extension RequestError {
  static func noSuchPath(_ method: String, _ target: String) -> RequestError {
    RequestError(
      .notFound, code: "request.no-such-path", "there is nothing at \(method) \(target.quoted)",
      nextStep: "Documentation/api.md lists every path; all but /metrics begin with /v1, and each has one spelling")
  }

  static func method(_ method: String, _ target: String, allowed: [String]) -> RequestError {
    var error = RequestError(
      .methodNotAllowed, code: "request.method", "\(target.quoted) does not take \(method)",
      nextStep: "use \(allowed.joined(separator: " or "))")
    error.allow = allowed.joined(separator: ", ")
    return error
  }

  static func tooLarge(_ bytes: Int, limit: Int) -> RequestError {
    RequestError(
      .contentTooLarge, code: "request.too-large", "the body has \(bytes) bytes or more, the limit is \(limit)",
      nextStep: "send fewer transactions at once")
  }

  static func encoding(_ field: String, _ value: String) -> RequestError {
    RequestError(
      .unsupportedMediaType, code: "request.encoding", "the request's '\(field)' is \(value.quoted)",
      nextStep: "send the body as it is, neither compressed nor encoded otherwise")
  }

  /// The bytes are no request that can be read in one way only.
  static func malformed(_ reason: String) -> RequestError {
    RequestError(
      .badRequest, code: "request.malformed", "the request is not read: \(reason)",
      nextStep: "send an HTTP/1.1 request as RFC 9112 describes it")
  }

  static var broken: RequestError {
    RequestError(
      .badRequest, code: "request.broken", "the request ended or broke off before its body was complete",
      nextStep: "send it again, whole")
  }

  /// `what` was not there in time.
  static func timeout(_ what: String, _ limits: FrontLimits) -> RequestError {
    let seconds = limits.requestTimeout.nanoseconds / 1_000_000_000
    return RequestError(
      .requestTimeout, code: "request.timeout",
      "the request's \(what) stopped coming for \(seconds) seconds, or came with less than \(limits.bytesPerSecond) "
        + "bytes a second",
      nextStep: "send it again, faster, or in smaller parts")
  }

  static func busy(_ explanation: String, _ limits: FrontLimits) -> RequestError {
    RequestError(
      .serviceUnavailable, code: "api.busy", explanation,
      nextStep: "send the same again a little later, or to another node",
      retryAfter: limits.retryAfter)
  }

  static var stopping: RequestError { RequestError(.serviceUnavailable, NodeStopping()) }

  /// What HTTP's parser did not take.
  init(_ error: HTTPParserError, _ limits: FrontLimits) {
    switch error {
    case .headerOverflow:
      self.init(
        .requestHeaderFieldsTooLarge, code: "request.head-too-large",
        "the request's head has more than \(limits.headBytes) bytes or \(limits.headFields) fields",
        nextStep: "send fewer and shorter header fields")
    case .invalidEOFState, .closedConnection: self = .broken
    case .invalidVersion: self = .malformed("its version is not HTTP/1.1 or HTTP/1.0")
    case .invalidMethod: self = .malformed("its method is none of HTTP's")
    case .invalidURL: self = .malformed("its target is no path")
    case .invalidContentLength, .unexpectedContentLength:
      self = .malformed(
        "its 'Content-Length' is no number that a body can have, stands there twice or beside 'Transfer-Encoding'")
    case .invalidChunkSize: self = .malformed("the size of a chunk of its body is no number")
    case .invalidHeaderToken: self = .malformed("the name or value of a header field holds what it may not")
    default: self = .malformed("\(error)")
    }
  }
}

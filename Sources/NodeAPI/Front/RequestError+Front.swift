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
      .methodNotAllowed, code: "request.method", "\(target.quoted) does not accept \(method)",
      nextStep: "use \(allowed.joined(separator: " or "))")
    error.allow = allowed.joined(separator: ", ")
    return error
  }

  static func tooLarge(_ bytes: Int, limit: Int) -> RequestError {
    RequestError(
      .contentTooLarge, code: "request.too-large", "the body has \(bytes) bytes or more; the limit is \(limit)",
      nextStep: "send fewer transactions at once")
  }

  static func encoding(_ field: String, _ value: String) -> RequestError {
    RequestError(
      .unsupportedMediaType, code: "request.encoding", "the request's '\(field)' is \(value.quoted)",
      nextStep: "send the body as it is, not compressed or encoded")
  }

  /// The request is for a name that is not this node's.
  static func otherHost(_ host: String) -> RequestError {
    RequestError(
      .misdirectedRequest, code: "request.host", "the request is for \(host.quoted), which is not a name of this node",
      nextStep: "use localhost, 127.0.0.1, [::1] or the address in 'api.host', or list the name in 'api.names' of "
        + "node.yaml")
  }

  /// The bytes are not an unambiguous request.
  static func malformed(_ reason: String) -> RequestError {
    RequestError(
      .badRequest, code: "request.malformed", "the request cannot be read: \(reason)",
      nextStep: "send an HTTP/1.1 request as RFC 9112 describes")
  }

  static var broken: RequestError {
    RequestError(
      .badRequest, code: "request.broken", "the request ended or broke off before its body was complete",
      nextStep: "send the complete request again")
  }

  /// `what` did not arrive in time.
  static func timeout(_ what: String, _ limits: FrontLimits) -> RequestError {
    let seconds = limits.requestTimeout.nanoseconds / 1_000_000_000
    return RequestError(
      .requestTimeout, code: "request.timeout",
      "the request's \(what) stopped arriving for \(seconds) seconds, or arrived at less than \(limits.bytesPerSecond) "
        + "bytes a second",
      nextStep: "send it again, faster or in smaller parts")
  }

  static func busy(_ explanation: String, _ limits: FrontLimits) -> RequestError {
    RequestError(
      .serviceUnavailable, code: "api.busy", explanation,
      nextStep: "send the same request a little later, or to another node",
      retryAfter: limits.retryAfter)
  }

  static var stopping: RequestError { RequestError(.serviceUnavailable, NodeStopping()) }

  /// A request that the HTTP parser refused.
  init(_ error: HTTPParserError, _ limits: FrontLimits) {
    switch error {
    case .headerOverflow:
      self.init(
        .requestHeaderFieldsTooLarge, code: "request.head-too-large",
        "the request's head has more than \(limits.headBytes) bytes or \(limits.headFields) fields",
        nextStep: "send fewer and shorter header fields")
    case .invalidEOFState, .closedConnection: self = .broken
    case .invalidVersion: self = .malformed("its version is not HTTP/1.1 or HTTP/1.0")
    case .invalidMethod: self = .malformed("its method is not an HTTP method")
    case .invalidURL: self = .malformed("its target is not a path")
    case .invalidContentLength, .unexpectedContentLength:
      self = .malformed(
        "its 'Content-Length' is not a valid length, is repeated, or is given together with 'Transfer-Encoding'")
    case .invalidChunkSize: self = .malformed("the size of a chunk of its body is not a number")
    case .invalidHeaderToken:
      self = .malformed("the name or value of a header field contains a character that is not allowed")
    default: self = .malformed("\(error)")
    }
  }
}

internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import Node
internal import Primitives
internal import Replica

/// A refused request, with its HTTP status.
struct RequestError: ExplainedError {
  var status: HTTPResponse.Status
  var code: String
  var explanation: String
  var nextStep: String
  /// Seconds after which the same request may succeed.
  var retryAfter: Int?
  /// The methods that the path accepts, if the request's method is not one of them.
  var allow: String?

  init(
    _ status: HTTPResponse.Status, code: String, _ explanation: String, nextStep: String, retryAfter: Int? = nil
  ) {
    self.status = status
    self.code = code
    self.explanation = explanation
    self.nextStep = nextStep
    self.retryAfter = retryAfter
  }

  init(_ status: HTTPResponse.Status, _ error: any ExplainedError) {
    self.init(status, code: error.code, error.explanation, nextStep: error.nextStep)
  }

  init(_ refusal: SubmissionRefusal) {
    self.init(refusal.status, refusal)
    if case .pool = refusal { retryAfter = 1 }
    if case .busy = refusal { retryAfter = 1 }
  }

  /// A path or query parameter with a wrong value.
  static func parameter(_ name: String, _ value: String, allowed: String) -> RequestError {
    RequestError(
      .badRequest, code: "request.parameter", "'\(name)' is \(value.quoted)", nextStep: "give \(allowed)")
  }

  static let accountForm = "an account: member or member/path, at most 64 bytes"

  static let holdReferenceForm = "a text of 1 to \(Limits.holdReferenceBytes) bytes without control characters"

  /// A query parameter that is required.
  static func missingParameter(_ name: String, allowed: String) -> RequestError {
    RequestError(
      .badRequest, code: "request.parameter", "'\(name)' is missing", nextStep: "give \(name): \(allowed)")
  }

  /// A query parameter that the path does not accept.
  static func unknownParameter(_ name: String, _ known: [String]) -> RequestError {
    let accepts =
      known.isEmpty ? "this path accepts no parameters" : "this path accepts \(known.joined(separator: ", "))"
    let nearest = NearestName.find(name, among: known).map { "did you mean '\($0)'? " } ?? ""
    return RequestError(
      .badRequest, code: "request.parameter", "there is no parameter \(name.quoted) here",
      nextStep: nearest + accepts)
  }

  /// A body that is no transaction of a known type.
  static func mediaType(_ type: String?) -> RequestError {
    RequestError(
      .unsupportedMediaType, code: "request.media-type",
      type.map { "the body's content type is \($0.quoted)" } ?? "the request does not give the type of its body",
      nextStep: "send it with 'Content-Type: application/json', or application/octet-stream and the canonical bytes")
  }

  static func unknown(_ what: String, _ name: String) -> RequestError {
    RequestError(
      .notFound, code: "\(what).unknown", "there is no \(what) \(name.quoted) as of the last final block",
      nextStep: "check the spelling; anything not final yet does not appear")
  }
}

extension SubmissionRefusal {
  var status: HTTPResponse.Status {
    switch self {
    case .malformed(.tooLarge): .contentTooLarge
    case .malformed: .badRequest
    case .badSignature, .badKeyProof: .forbidden
    case .inadmissible(let fault):
      switch fault {
      case .unknownMember, .suspendedMember, .foreignKey, .missingAuthority, .noSuchMember: .forbidden
      case .expired, .tooFarAhead, .laterRules: .unprocessableContent
      case .alreadyApplied: .conflict
      }
    case .pool: .tooManyRequests
    case .notTaking, .busy: .serviceUnavailable
    }
  }
}

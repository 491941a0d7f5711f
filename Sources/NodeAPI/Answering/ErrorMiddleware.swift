internal import Hummingbird
internal import LedgerJSON
internal import Logging
internal import Node
internal import Primitives

/// Turns whatever a route throws into the uniform error answer: status, code, message, next step.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
  let logger: Logger

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let answer = RequestError(answering: error, request)
      if answer.status.code >= 500, answer.status != .serviceUnavailable {
        logger.error("\(request.uri.path): \(answer.explanation)", metadata: ["code": "\(answer.code)"])
      }
      return try answer.response
    }
  }
}

extension RequestError {
  init(answering error: any Error, _ request: Request) {
    switch error {
    case let error as RequestError: self = error
    case let error as DocumentError: self.init(.badRequest, error)
    case let error as CodecError: self.init(.badRequest, error)
    case let error as NodeStopping: self.init(.serviceUnavailable, error)
    case let error as NodeBusy:
      self.init(.serviceUnavailable, error)
      retryAfter = 1
    // The client has gone, so nobody reads this.
    case is CancellationError: self = .broken
    case let error as HTTPError:
      self.init(
        error.status, code: "request.invalid", error.body ?? "\(error.status)",
        nextStep: "see Documentation/api.md for what this path accepts")
    case let error as any ExplainedError: self.init(.internalServerError, error)
    default:
      self.init(
        .internalServerError, code: "api.internal", "the request failed: \(error)",
        nextStep: "check the node's log, and report it")
    }
  }

  var detail: ErrorDetail { ErrorDetail(self, retryAfterMilliseconds: retryAfter.map { UInt64($0) * 1000 }) }

  var response: Response {
    get throws {
      var response = try Response.json(ErrorBody(detail), status)
      if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
      if let allow { response.headers[.allow] = allow }
      return response
    }
  }
}

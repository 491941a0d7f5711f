internal import Hummingbird
internal import LedgerJSON
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Node
internal import Primitives

/// Turns whatever a route throws into the one shape of errors: status, code, message, next step.
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
    case let error as HTTPError where error.status == .notFound:
      self.init(
        .notFound, code: "request.no-such-path", "there is nothing at \(request.method) \(request.uri.path)",
        nextStep: "Documentation/api.md lists every path; all begin with /v1")
    case is NIOTooManyBytesError:
      self.init(
        .contentTooLarge, code: "request.too-large",
        "the body is larger than \(TransactionRoutes.bodyLimit) bytes", nextStep: "send fewer transactions at once")
    case is HTTPParserError, is ChannelError, is CancellationError:
      self.init(
        .badRequest, code: "request.broken", "the request ended or broke off before its body was complete",
        nextStep: "send it again, whole")
    case let error as HTTPError:
      self.init(
        error.status, code: "request.invalid", error.body ?? "\(error.status)",
        nextStep: "see Documentation/api.md for what this path takes")
    case let error as any ExplainedError: self.init(.internalServerError, error)
    default:
      self.init(
        .internalServerError, code: "api.internal", "the request failed: \(error)",
        nextStep: "look into the node's log, and report it")
    }
  }

  var detail: ErrorDetail { ErrorDetail(self, retryAfterMilliseconds: retryAfter.map { UInt64($0) * 1000 }) }

  var response: Response {
    get throws {
      var response = try Response.json(ErrorBody(detail), status)
      if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
      return response
    }
  }
}

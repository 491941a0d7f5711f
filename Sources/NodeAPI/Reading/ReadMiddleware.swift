internal import Hummingbird

/// Works on all requests of a group of routes as reads.
struct ReadMiddleware: RouterMiddleware {
  let reads: Reads

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    try await reads.run(for: context.client) { try await next(request, context) }
  }
}

internal import Hummingbird
internal import Node
internal import Synchronization

/// The routes that are served: a few while the node reads its log, and then all.
final class ServedRoutes: HTTPResponder {
  typealias Context = APIContext

  struct Table: Sendable {
    var routes: RouteTable
    var responder: any HTTPResponder<APIContext>
  }

  private let start: StartProgress
  private let starting: Table
  private let all = Mutex<Table?>(nil)

  init(start: StartProgress, _ starting: Table) {
    self.start = start
    self.starting = starting
  }

  func serve(_ table: Table) { all.withLock { $0 = table } }

  /// Refuses requests that no route answers, or none yet.
  func check(_ method: String, _ target: String) throws(RequestError) {
    if let table = all.withLock(\.self) { return try table.routes.check(method, target) }
    do throws(RequestError) {
      try starting.routes.check(method, target)
    } catch {
      throw .starting(start)
    }
  }

  func respond(to request: Request, context: APIContext) async throws -> Response {
    try await (all.withLock(\.self) ?? starting).responder.respond(to: request, context: context)
  }
}

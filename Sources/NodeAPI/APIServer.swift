internal import Hummingbird
package import Logging
package import Node
internal import ServiceLifecycle
internal import Synchronization

/// The HTTP interface of one node, version 1: Documentation/api.md.
package final class APIServer: Service {
  private let node: RoadbedNode
  private let host: String
  private let port: Int
  private let metrics: MetricsRegistry
  private let logger: Logger
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// `onListening` is told the port once requests are answered. Port 0 asks the system for a free one.
  package init(
    node: RoadbedNode, host: String, port: Int, metrics: MetricsRegistry, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.node = node
    self.host = host
    self.port = port
    self.metrics = metrics
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until the service group shuts down gracefully: open requests are answered first.
  package func run() async throws {
    let router = Router(context: BasicRequestContext.self)
    router.middlewares.add(ErrorMiddleware(logger: logger))
    TransactionRoutes(node: node).add(to: router)
    BlockRoutes(node: node).add(to: router)
    LedgerRoutes(node: node).add(to: router)
    HistoryRoutes(node: node).add(to: router)
    NodeRoutes(node: node, metrics: metrics).add(to: router)
    let application = Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "roadbed"),
      onServerRunning: { [onListening] channel in await onListening(channel.localAddress?.port ?? 0) },
      logger: logger)
    do {
      // Requests that wait for finality would hold up the shutdown for as long as they wait.
      try await withGracefulShutdownHandler {
        try await application.run()
      } onGracefulShutdown: { [node] in
        node.endWaits()
      }
    } catch {
      throw APIServerError(host: host, port: port, reason: "\(error)")
    }
  }
}

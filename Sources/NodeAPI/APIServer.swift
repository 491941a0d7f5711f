internal import Hummingbird
internal import HummingbirdCore
package import Logging
package import Node
internal import PeerNetwork
internal import ServiceLifecycle
internal import Synchronization

/// The HTTP API of one node, version 1; see Documentation/api.md.
package final class APIServer: Service {
  private let node: RoadbedNode
  private let host: String
  private let port: Int
  private let limits: FrontLimits
  private let metrics: MetricsRegistry
  private let logger: Logger
  /// Threads that render answers and decode blocks for requests.
  private static let readThreads = 2
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// `connections` is the number of connections that the process has descriptors for. `onListening` receives the port
  /// as soon as requests are answered. Port 0 asks the system for a free one.
  package init(
    node: RoadbedNode, host: String, port: Int, connections: Int, metrics: MetricsRegistry, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.node = node
    self.host = host
    self.port = port
    limits = FrontLimits(node.settings, connections: connections)
    self.metrics = metrics
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until the service group shuts down gracefully: complete requests are answered first, within the drain time.
  package func run() async throws {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.middlewares.add(ErrorMiddleware(logger: logger))
    let executor = ReadExecutor(threads: Self.readThreads)
    defer { executor.stop() }
    let reads = Reads(gate: ReadGate(ReadLimits(addressShare: limits.addressShare)), executor: executor)
    let waits = WaitBudget(limit: RoadbedNode.waitLimit, addressShare: limits.addressShare)
    TransactionRoutes(node: node, reads: reads, waits: waits).add(to: router)
    HistoryRoutes(node: node, reads: reads).add(to: router)
    ProofRoutes(node: node, reads: reads).add(to: router)
    let reading = router.group().add(middleware: ReadMiddleware(reads: reads))
    BlockRoutes(node: node).add(to: reading)
    LedgerRoutes(node: node).add(to: reading)
    let register = ConnectionRegister(limits, logger: logger)
    NodeRoutes(node: node, metrics: metrics, register: register, reads: reads).add(to: router)
    let check = HeadCheck(
      routes: RouteTable(
        router.routes.map { ($0.path.description, $0.method.rawValue) },
        encoded: [LedgerRoutes.recordPath, ProofRoutes.recordPath, ProofRoutes.collectionPath]),
      hosts: HostNames(host: host, names: node.settings.apiNames), bodyLimit: limits.bodyBytes)
    let application = Application(
      router: router,
      server: HTTPServerBuilder { [limits] responder in
        FrontChannel(responder: responder, check: check, limits: limits, register: register)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port), serverName: "roadbed",
        // The register keeps its limit by closing connections; those not yet closed count here.
        availableConnectionsDelegate: .maximum(limits.connections + DescriptorBudget.acceptMargin / 2, logger: logger)),
      onServerRunning: { [onListening] channel in
        channel.eventLoop.execute { channel.closeOnExec() }
        await onListening(channel.localAddress?.port ?? 0)
      },
      logger: logger)
    do {
      // Requests that wait for finality would otherwise delay the shutdown for as long as they wait.
      try await withGracefulShutdownHandler {
        try await application.run()
      } onGracefulShutdown: { [node] in
        node.prepareToStop()
      }
    } catch {
      throw APIServerError(host: host, port: port, error)
    }
  }
}

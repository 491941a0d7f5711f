internal import Hummingbird
internal import HummingbirdCore
package import Logging
package import Node
internal import PeerNetwork
internal import ServiceLifecycle
internal import Synchronization

/// The HTTP API of one node, version 1; see Documentation/api.md.
package final class APIServer: Service {
  private let settings: NodeSettings
  private let limits: FrontLimits
  private let metrics: MetricsRegistry
  private let logger: Logger
  /// Threads that render answers and decode blocks for requests.
  private static let readThreads = 2
  private let executor = ReadExecutor(threads: APIServer.readThreads)
  private let reads: Reads
  private let previewGate: ReadGate
  private let register: ConnectionRegister
  private let routes: ServedRoutes
  private let node = Mutex<RoadbedNode?>(nil)
  /// Where it listens: the settings may ask the system for a free port.
  private let address: Mutex<Endpoint>
  private let listening = AsyncStream.makeStream(of: Void.self)

  /// - Parameter start: what is answered until `serve` is called.
  /// - Parameter connections: the number of connections that the process has descriptors for.
  package init(
    start: StartProgress, settings: NodeSettings, connections: Int, metrics: MetricsRegistry, logger: Logger
  ) {
    self.settings = settings
    address = Mutex(settings.apiListen)
    limits = FrontLimits(settings, connections: connections)
    self.metrics = metrics
    self.logger = logger
    reads = Reads(gate: ReadGate(ReadLimits(addressShare: limits.addressShare)), executor: executor)
    previewGate = ReadGate(
      ReadLimits(running: 1, open: 64, addressShare: limits.addressShare, requests: "requests for previews"))
    register = ConnectionRegister(limits, logger: logger)
    let starting = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    starting.middlewares.add(ErrorMiddleware(logger: logger))
    StartingRoutes(start: start, metrics: metrics, register: register).add(to: starting)
    routes = ServedRoutes(start: start, ServedRoutes.Table(starting))
  }

  /// Answers everything from now on.
  package func serve(_ node: RoadbedNode) {
    self.node.withLock { $0 = node }
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.middlewares.add(ErrorMiddleware(logger: logger))
    let waits = WaitBudget(limit: RoadbedNode.waitLimit, addressShare: limits.addressShare)
    TransactionRoutes(node: node, reads: reads, waits: waits).add(to: router)
    PreviewRoutes(node: node, reads: Reads(gate: previewGate, executor: executor)).add(to: router)
    HistoryRoutes(node: node, reads: reads).add(to: router)
    MovementRoutes(node: node, reads: reads).add(to: router)
    RecordRoutes(node: node, reads: reads).add(to: router)
    ProofRoutes(node: node, reads: reads).add(to: router)
    let reading = router.group().add(middleware: ReadMiddleware(reads: reads))
    BlockRoutes(node: node).add(to: reading)
    LedgerRoutes(node: node).add(to: reading)
    HoldRoutes(node: node).add(to: reading)
    NodeRoutes(node: node, metrics: metrics, register: register, reads: reads).add(to: router)
    DirectoryRoutes(node: node).add(to: router)
    routes.serve(ServedRoutes.Table(router))
    logger.notice("answering at http://\(address.withLock(\.self))/v1/status")
  }

  /// Returns once it listens, with false if the task is cancelled before. To be called once.
  package func isListening() async -> Bool {
    var waiting = listening.stream.makeAsyncIterator()
    return await waiting.next() != nil
  }

  /// Serves until the service group shuts down gracefully: complete requests are answered first, within the drain time.
  package func run() async throws {
    let (host, port) = (settings.apiListen.host, settings.apiListen.port)
    defer { executor.stop() }
    let check = HeadCheck(
      hosts: HostNames(host: host, names: settings.apiNames), bodyLimit: limits.bodyBytes
    ) { [routes] (method, target) throws(RequestError) in try routes.check(method, target) }
    let application = Application(
      responder: routes,
      server: HTTPServerBuilder { [limits, register] responder in
        FrontChannel(responder: responder, check: check, limits: limits, register: register)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port), serverName: "roadbed",
        // The register keeps its limit by closing connections; those not yet closed count here.
        availableConnectionsDelegate: .maximum(limits.connections + DescriptorBudget.acceptMargin / 2, logger: logger)),
      onServerRunning: { channel in
        channel.eventLoop.execute { channel.closeOnExec() }
        let address = Endpoint(host: host, port: channel.localAddress?.port ?? port)
        self.address.withLock { $0 = address }
        self.logger.info("listening at http://\(address)/v1/health")
        self.listening.continuation.yield()
      },
      logger: logger)
    do {
      // Requests that wait for finality would otherwise delay the shutdown for as long as they wait.
      try await withGracefulShutdownHandler {
        try await application.run()
      } onGracefulShutdown: {
        self.node.withLock(\.self)?.prepareToStop()
      }
    } catch {
      throw APIServerError(host: host, port: port, error)
    }
  }
}

extension ServedRoutes.Table {
  fileprivate init(_ router: Router<APIContext>) {
    self.init(
      routes: RouteTable(
        router.routes.map { ($0.path.description, $0.method.rawValue) },
        encoded: [RecordRoutes.path, ProofRoutes.recordPath, ProofRoutes.collectionPath, ProofRoutes.holdPath]),
      responder: router.buildResponder())
  }
}

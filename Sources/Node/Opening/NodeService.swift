package import Ledger
package import Logging
internal import Primitives
internal import ServiceLifecycle

/// A node from the start of its process to the end: it reads its log, while the API already says so, and then takes part
/// in the chain.
package final class NodeService: Service {
  private let settings: NodeSettings
  private let genesis: Genesis
  private let progress: StartProgress
  private let logger: Logger
  private let identity: Handover<NodeIdentity>
  private let ready: @Sendable () async -> Bool
  private let started: @Sendable (RoadbedNode) -> Void

  /// Locks the folders, reads the keys and checks them, so that what is wrong with them is said at once.
  /// - Parameter ready: returns when the log may be read, with false if the process ends for another reason.
  /// - Parameter started: is called once the node takes part.
  package init(
    settings: NodeSettings, genesis: Genesis, progress: StartProgress, logger: Logger,
    ready: @escaping @Sendable () async -> Bool, started: @escaping @Sendable (RoadbedNode) -> Void
  ) throws {
    try genesis.requireExecutedVersion()
    self.settings = settings
    self.genesis = genesis
    self.progress = progress
    self.logger = logger
    self.ready = ready
    self.started = started
    identity = Handover(try NodeIdentity(settings: settings, genesis: genesis))
  }

  package func run() async throws {
    guard await ready() else { return }
    let node = try await open()
    started(node)
    try await node.run()
  }

  private func open() async throws -> RoadbedNode {
    let identity = identity.take()
    try await StartupRepair.run(
      settings: settings, genesis: genesis, identity: identity, progress: progress, logger: logger)
    let handover = Handover(identity)
    let opened = try await WorkerThread.value("opening") { [settings, genesis, progress, logger] in
      Handover(
        try OpenedNode(
          settings: settings, genesis: genesis, identity: handover.take(), progress: progress, logger: logger))
    }
    progress.enter(.linking)
    return try await RoadbedNode(opened.take())
  }
}

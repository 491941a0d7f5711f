package import Ledger
package import Logging
internal import Primitives
internal import Replica
internal import ServiceLifecycle
internal import Signers

/// A node from the start of its process to the end: it reads its log, while the API already says so, and then takes part
/// in the chain.
package final class NodeService: Service {
  private let settings: NodeSettings
  private let genesis: Genesis
  private let progress: StartProgress
  private let logger: Logger
  private let droppedMessages: @Sendable () -> Int
  private let unread: Handover<NodeIdentity.Unread>
  private let ready: @Sendable () async -> Bool
  private let started: @Sendable (RoadbedNode) -> Void

  /// Locks the folders, reads the keys and checks them, so that what is wrong with them is said at once.
  /// - Parameter droppedMessages: the number of messages that `logger` has lost.
  /// - Parameter ready: returns when the log may be read, with false if the process ends for another reason.
  /// - Parameter started: is called once the node takes part.
  package init(
    settings: NodeSettings, genesis: Genesis, progress: StartProgress, logger: Logger,
    droppedMessages: @escaping @Sendable () -> Int,
    ready: @escaping @Sendable () async -> Bool, started: @escaping @Sendable (RoadbedNode) -> Void
  ) throws {
    try genesis.requireExecutedVersion()
    self.settings = settings
    self.genesis = genesis
    self.progress = progress
    self.logger = logger
    self.droppedMessages = droppedMessages
    self.ready = ready
    self.started = started
    unread = Handover(try NodeIdentity.Unread(settings: settings, genesis: genesis))
  }

  package func run() async throws {
    guard await ready() else { return }
    let node = try await open()
    started(node)
    try await node.run()
  }

  private func open() async throws -> RoadbedNode {
    let unread = unread.take()
    let (store, inFiles) = (unread.store, unread.held)
    let held = if let inFiles { inFiles } else { try await keysOfSigner(store) }
    let identity = NodeIdentity(unread, held: held)
    try await StartupRepair.run(
      settings: settings, genesis: genesis, identity: identity, progress: progress, logger: logger)
    let handover = Handover(identity)
    let opened = try await WorkerThread.value("opening") { [settings, genesis, progress, logger, droppedMessages] in
      Handover(
        try OpenedNode(
          settings: settings, genesis: genesis, identity: handover.take(), progress: progress, logger: logger,
          droppedMessages: droppedMessages))
    }
    progress.enter(.linking)
    return try await RoadbedNode(opened.take())
  }

  /// Asks the signer process for the keys, and waits for it as long as it is away: the node does not know who it is before.
  private func keysOfSigner(_ store: any VoteKeyStore) async throws -> HeldKeys {
    var said: String?
    while true {
      do {
        let held = try await WorkerThread.value("signer") { try store.read() }
        progress.enter(.checkingLog)
        return held
      } catch let fault as KeyStoreFault where fault.isPassing {
        progress.enter(.waitingForSigner)
        if said != fault.code {
          logger.warning(
            "waiting for the signer: \(fault.explanation)",
            metadata: ["code": "\(fault.code)", "next": "\(fault.nextStep)"])
        }
        said = fault.code
        try await Task.sleep(for: .milliseconds(500))
      }
    }
  }
}

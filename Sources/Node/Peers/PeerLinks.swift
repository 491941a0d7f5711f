internal import Logging
internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import Replica
internal import Synchronization

/// The links to the peers. There are none before `start`, after `stop`, and while the directory lists no other node.
final class PeerLinks: PeerTransport {
  private enum Phase {
    /// Nobody is to be linked yet. The closure makes what the links need.
    case idle((@Sendable () throws -> PeerNetworkConfiguration, any PeerNetworkHandler)?)
    case running(PeerNetwork)
    case stopped
  }

  /// The pause before the links are tried again that could not be started while the node ran.
  private static let retry = Duration.seconds(5)

  private let phase = Mutex(Phase.idle(nil))

  private var network: PeerNetwork? {
    phase.withLock { if case .running(let network) = $0 { network } else { nil } }
  }

  /// Listens for peers and dials them, now or, if there are none, as soon as there are. `stop` releases `handler`.
  /// - Parameter configuration: with the peers as they are now.
  func start(
    handler: any PeerNetworkHandler, _ configuration: @escaping @Sendable () throws -> PeerNetworkConfiguration
  ) async throws {
    phase.withLock { $0 = .idle((configuration, handler)) }
    // Read afterwards, so that peers that come meanwhile are seen here or start the links themselves.
    guard try !configuration().peers.isEmpty, let (configuration, handler) = takeIdle() else { return }
    try await start(configuration, handler)
  }

  private func start(
    _ configuration: @Sendable () throws -> PeerNetworkConfiguration, _ handler: any PeerNetworkHandler
  ) async throws {
    let network = try PeerNetwork(try configuration(), handler: handler)
    // Stored before the network starts, because a peer may connect immediately and expect an answer.
    let isStopped = phase.withLock { phase in
      if case .stopped = phase { return true }
      phase = .running(network)
      return false
    }
    guard !isStopped else { return }
    do throws(PeerNetworkError) {
      _ = try await network.start()
    } catch {
      phase.withLock { if case .running = $0 { $0 = .idle(nil) } }
      throw error
    }
    // Peers may have changed before the network could be told.
    try network.update(try configuration().peers)
  }

  /// Links these peers and no others.
  func update(_ peers: [PeerDescription], _ logger: Logger) {
    if let network {
      do throws(PeerNetworkError) {
        try network.update(peers)
      } catch {
        // The chain keeps names and keys apart, so only this node's own key can be in the way.
        complain(error, logger)
      }
    } else if !peers.isEmpty, let (configuration, handler) = takeIdle() {
      Task { [self] in await startLate(handler, configuration, logger) }
    }
  }

  private func takeIdle() -> (@Sendable () throws -> PeerNetworkConfiguration, any PeerNetworkHandler)? {
    phase.withLock { phase in
      guard case .idle(let waiting) = phase else { return nil }
      phase = .idle(nil)
      return waiting
    }
  }

  /// Starts while the node runs, again and again until it succeeds.
  private func startLate(
    _ handler: any PeerNetworkHandler, _ configuration: @Sendable () throws -> PeerNetworkConfiguration,
    _ logger: Logger
  ) async {
    while true {
      do {
        return try await start(configuration, handler)
      } catch {
        if let error = error as? any ExplainedError { complain(error, logger) }
      }
      try? await Task.sleep(for: Self.retry)
      if phase.withLock({ if case .stopped = $0 { true } else { false } }) { return }
    }
  }

  private func complain(_ error: any ExplainedError, _ logger: Logger) {
    logger.error(
      "the links stay as they are: \(error.explanation)",
      metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
  }

  func stop() async {
    let network = phase.withLock { phase in
      defer { phase = .stopped }
      return if case .running(let network) = phase { network } else { nil as PeerNetwork? }
    }
    await network?.stop()
  }

  func send(_ frames: [[UInt8]], to peer: PeerID) {
    _ = network?.send(frames, to: peer)
  }

  /// Sends in order, with one call for each peer.
  func send(_ sends: [Send]) {
    guard let network else { return }
    var all: [[UInt8]] = []
    var single: [PeerID: [[UInt8]]] = [:]
    for send in sends {
      switch send.to {
      case .all: all.append(send.frame)
      case .peer(let peer): single[peer, default: []].append(send.frame)
      }
    }
    if !all.isEmpty { network.broadcast(all) }
    for (peer, frames) in single { network.send(frames, to: peer) }
  }

  func disconnect(_ peer: PeerID, because reason: String) {
    network?.disconnect(peer, because: reason)
  }

  /// Resumes reading from peers. Call it as soon as frames can be accepted again.
  func resumeReading() { network?.resumeReading() }

  /// Nil without a network.
  var statistics: PeerNetworkStatistics? { network?.statistics }
}

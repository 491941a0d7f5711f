internal import Logging
internal import NIOCore
internal import NIOPosix
package import Primitives
internal import Synchronization

/// TLS 1.3 links to all known peers.
///
/// There is one link between two peers, whichever of them dials, or if both do. Frames to a peer that has no link, or
/// whose queue is full, are dropped and counted; the replica makes up for them by resending and by block sync. `send`,
/// `broadcast`, `update` and the other synchronous methods may be called from any thread and never block.
package final class PeerNetwork: Sendable {
  private struct Running {
    var group: MultiThreadedEventLoopGroup
    var listener: any Channel
  }

  private enum Phase {
    case new
    case starting
    case running(Running)
    case stopped
  }

  private let environment: LinkEnvironment
  private let acceptor: Acceptor
  private let phase = Mutex(Phase.new)

  /// Checks the configuration; opens nothing yet. `handler` is kept for the lifetime of the network.
  package init(
    _ configuration: PeerNetworkConfiguration, handler: any PeerNetworkHandler
  ) throws(PeerNetworkError) {
    try configuration.limits.check(configuration.frameLimits)
    environment = try LinkEnvironment(configuration, handler: handler)
    acceptor = Acceptor(environment)
  }

  // MARK: Starting and stopping

  /// Starts to listen and to dial; returns the address that it listens on. A network can be started only once.
  package func start() async throws(PeerNetworkError) -> PeerAddress {
    let isFirst = phase.withLock { phase in
      guard case .new = phase else { return false }
      phase = .starting
      return true
    }
    guard isFirst else { throw .alreadyStarted }
    let configuration = environment.configuration
    let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.threads))
    let listener: any Channel
    do throws(PeerNetworkError) {
      acceptor.resolve()
      listener = try await acceptor.listen(on: group)
    } catch {
      phase.withLock { $0 = .stopped }
      await Self.shutDown(group)
      throw error
    }
    let isStopped = phase.withLock { phase in
      if case .stopped = phase { return true }
      let running = Running(group: group, listener: listener)
      phase = .running(running)
      adjustDialers(running)
      return false
    }
    if isStopped { await end(Running(group: group, listener: listener)) }
    var address = configuration.listen
    address.port = listener.localAddress?.port ?? address.port
    configuration.logger.info("listening for peers", metadata: ["address": "\(address)"])
    return address
  }

  /// Closes every link and socket, and ends the threads. The handler is not called afterwards.
  package func stop() async {
    let running = phase.withLock { phase -> Running? in
      defer { phase = .stopped }
      guard case .running(let running) = phase else { return nil }
      return running
    }
    // A start that is under way ends itself.
    if let running { await end(running) }
  }

  private func end(_ running: Running) async {
    environment.stop()
    for peer in environment.peers { peer.stopDialling() }
    try? await running.listener.close().get()
    await withTaskGroup { closing in
      for link in acceptor.pending + environment.peers.compactMap(\.link) {
        closing.addTask { await link.close(.stopping) }
      }
    }
    await Self.shutDown(running.group)
  }

  private static func shutDown(_ group: MultiThreadedEventLoopGroup) async {
    // Fails only if the group was already shut down.
    try? await group.shutdownGracefully()
  }

  // MARK: Peers

  /// Replaces the list of peers, which never holds the node itself. Has no effect once the network stops.
  ///
  /// Peers that are not in the list are dropped: their links end with `LinkFault.removed`, and they are refused as
  /// strangers. New ones are dialled at once or taken when they dial. A peer stays if its id and name do: its link ends only
  /// if it was made with a key that is no longer listed, and the next dial uses the new addresses. Who is
  /// dropped and taken again keeps its pauses and budgets. A refused list (`duplicateID`, `duplicatePin`,
  /// `badPinCount`, `badAddressCount`) changes nothing.
  package func update(_ peers: [PeerDescription]) throws(PeerNetworkError) {
    // The lock puts updates in order, and keeps the event loops alive until the update is done.
    try phase.withLock { phase throws(PeerNetworkError) in
      switch phase {
      case .new: try environment.update(peers)
      case .starting:
        try environment.update(peers)
        acceptor.resolve()
      case .running(let running):
        try environment.update(peers)
        acceptor.resolve()
        adjustDialers(running)
      case .stopped: try PeerTable.check(peers, ownPin: environment.ownPin)
      }
    }
  }

  /// Begins to dial, as the list says now.
  private func adjustDialers(_ running: Running) {
    for peer in environment.peers {
      peer.adjustDialer { DialerHandle(environment, peer: peer, loop: running.group.next()) }
    }
  }

  // MARK: Sending

  /// Queues a frame, whose first byte is its kind. Returns false if it was dropped.
  @discardableResult
  package func send(_ frame: [UInt8], to peer: PeerID) -> Bool { send([frame], to: peer) == 1 }

  /// Queues frames in one go and returns how many; the others are dropped.
  @discardableResult
  package func send(_ frames: [[UInt8]], to peer: PeerID) -> Int {
    guard let peer = environment.peer(peer) else { return 0 }
    return peer.enqueue(sendable(frames, to: [peer]))
  }

  /// Queues frames for every peer.
  package func broadcast(_ frames: [[UInt8]]) {
    let frames = sendable(frames, to: environment.peers)
    for peer in environment.peers { _ = peer.enqueue(frames) }
  }

  /// Removes frames for which a peer would close the link.
  private func sendable(_ frames: [[UInt8]], to peers: [Peer]) -> [[UInt8]] {
    let limits = environment.configuration.frameLimits
    func fits(_ frame: [UInt8]) -> Bool { frame.first.map { frame.count <= limits[$0] } ?? false }
    // The usual case needs no copy.
    if frames.allSatisfy(fits) { return frames }
    for frame in frames where !fits(frame) {
      environment.configuration.logger.error(
        "a frame of kind \(frame.first ?? 0) has \(frame.count) bytes; the limit is \(limits[frame.first ?? 0])")
      for peer in peers { peer.drop(frame) }
    }
    return frames.filter(fits)
  }

  // MARK: Reading

  /// Must be called when the handler has room again after it had none.
  package func resumeReading() { environment.resumeReading() }

  /// Closes the link of a peer that sent something that no honest peer sends. There is no new one until a pause is over.
  package func disconnect(_ peer: PeerID, because reason: String) {
    guard let peer = environment.peer(peer) else { return }
    // Also if it has closed the link itself by now.
    peer.conduct.punish()
    peer.link?.end(.misbehaved(reason))
  }

  package var statistics: PeerNetworkStatistics {
    PeerNetworkStatistics(
      peers: environment.peers.map(\.statistics), faults: environment.journal.faults,
      accepted: acceptor.accepted, pending: acceptor.pending.count,
      lastStrangerFault: environment.journal.lastStranger)
  }
}

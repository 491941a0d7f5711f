internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import Replica
internal import Synchronization

/// The links to the peers. There are none before `start`, after `stop`, and at a sole validator.
final class PeerLinks: PeerTransport {
  private let network = Mutex<PeerNetwork?>(nil)

  /// Listens for peers and dials them. `stop` releases `handler`.
  func start(_ configuration: PeerNetworkConfiguration, handler: any PeerNetworkHandler) async throws(PeerNetworkError)
  {
    let network = try PeerNetwork(configuration, handler: handler)
    // Stored before the network starts, because a peer may connect immediately and expect an answer.
    self.network.withLock { $0 = network }
    do throws(PeerNetworkError) {
      _ = try await network.start()
    } catch {
      self.network.withLock { $0 = nil }
      throw error
    }
  }

  func stop() async {
    if let network = network.withLock({ $0.take() }) { await network.stop() }
  }

  func send(_ frames: [[UInt8]], to peer: PeerID) {
    _ = network.withLock { $0 }?.send(frames, to: peer)
  }

  /// Sends in order, with one call for each peer.
  func send(_ sends: [Send]) {
    guard let network = network.withLock({ $0 }) else { return }
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
    network.withLock { $0 }?.disconnect(peer, because: reason)
  }

  /// Resumes reading from peers. Call it as soon as frames can be accepted again.
  func resumeReading() { network.withLock { $0 }?.resumeReading() }

  /// Nil without a network.
  var statistics: PeerNetworkStatistics? { network.withLock { $0 }?.statistics }
}

package import PeerNetwork
package import Primitives
internal import Replica
internal import Synchronization

// Frames from peers, and links that come and go.
extension RoadbedNode: PeerNetworkHandler {
  package func received(_ frames: [PeerFrame]) {
    for frame in frames {
      if syncServer.receive(frame.bytes, from: frame.from) { continue }
      proofFetcher?.look(at: frame.bytes, from: frame.from)
      if fetcher.withLock({ $0 })?.take(frame.bytes, from: frame.from) ?? false { continue }
      loop.receive(frame.bytes, from: frame.from)
    }
  }

  package var hasRoom: Bool { loop.hasRoom }

  package func connected(_ peer: PeerID) {
    if let validator = peers.validator(peer) { health.link(validator, true) }
    fetcher.withLock { $0 }?.linked(peer, true)
    proofFetcher?.linked(peer, true)
    loop.post(.connected(peer))
  }

  package func disconnected(_ peer: PeerID, _ reason: LinkFault) {
    if let validator = peers.validator(peer) { health.link(validator, false) }
    fetcher.withLock { $0 }?.linked(peer, false)
    proofFetcher?.linked(peer, false)
    loop.post(.disconnected(peer))
  }
}

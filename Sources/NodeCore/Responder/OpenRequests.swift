package import Primitives

/// Counts the open requests of each peer, so that a peer that repeats itself does not crowd out the others. Excess
/// requests are dropped; the peer then asks again or asks another node.
package struct OpenRequests: Sendable {
  /// The greatest number of requests of all peers that may wait at the same time.
  package static let limit = 64
  /// The greatest number of open requests of one peer.
  package static let limitOfPeer = 4

  private var open: [PeerID: Int] = [:]

  package init() {}

  /// Returns false if the peer has too many open requests.
  package mutating func begin(_ peer: PeerID) -> Bool {
    guard open[peer, default: 0] < Self.limitOfPeer else { return false }
    open[peer, default: 0] += 1
    return true
  }

  package mutating func end(_ peer: PeerID) {
    guard let count = open[peer] else { return }
    open[peer] = count > 1 ? count - 1 : nil
  }
}

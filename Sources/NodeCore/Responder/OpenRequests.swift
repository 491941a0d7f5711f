package import Primitives

/// How many requests of each peer are open: one that repeats itself does not crowd out the others. Requests beyond are
/// dropped: the peer asks again, or another.
package struct OpenRequests: Sendable {
  /// Requests of all peers that wait at once.
  package static let limit = 64
  /// Of one peer.
  package static let limitOfPeer = 4

  private var open: [PeerID: Int] = [:]

  package init() {}

  /// False if the peer has too many open.
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

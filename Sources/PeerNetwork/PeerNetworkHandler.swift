package import Primitives

/// Receives the events of a `PeerNetwork`.
///
/// Called on the network's event loops, so it must not block: put the batch into a queue and return. Calls for one peer
/// come one after another, in order. With more than one event loop, calls for different peers may overlap, and frames
/// of a link that was just replaced may still arrive after `connected`. Frames of a peer that is no longer listed may
/// arrive until `disconnected`.
package protocol PeerNetworkHandler: AnyObject, Sendable {
  /// Frames of one peer, in the order in which they were sent. They must be accepted even if `hasRoom` is false: at
  /// most one more batch of that peer follows.
  func received(_ frames: [PeerFrame])

  /// False if no more frames of a peer should come. The network then stops reading from that peer's socket until
  /// `PeerNetwork.resumeReading()` is called, which must happen after `hasRoom` has become true again.
  func hasRoom(for peer: PeerID) -> Bool

  func connected(_ peer: PeerID)

  /// The link with the peer ended. Frames that were queued for the peer but not sent are dropped.
  func disconnected(_ peer: PeerID, _ reason: LinkFault)

  /// Two processes use the peer's key at the same time.
  func foundTwice(_ peer: PeerID)

  /// The peer says that it is linked to another process that uses this node's own key. It may lie.
  func wasFoundTwice(by peer: PeerID)
}

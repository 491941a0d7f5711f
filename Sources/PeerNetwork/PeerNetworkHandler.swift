package import Primitives

/// Who listens to a `PeerNetwork`.
///
/// Called on the network's event loops, so it must not wait: put the batch into a queue and return. For one
/// peer the calls come one after another, in order; with more than one event loop, calls for different peers
/// may overlap, and frames of a link that was just replaced may still arrive after `connected`.
package protocol PeerNetworkHandler: AnyObject, Sendable {
  /// Frames of one peer in the order they were sent. They must be accepted, even if `hasRoom` is false: at most
  /// one more batch per peer follows.
  func received(_ frames: [PeerFrame])

  /// False when no more frames should come. The network then stops reading from its sockets until
  /// `PeerNetwork.resumeReading()` is called, which must happen after `hasRoom` became true again.
  var hasRoom: Bool { get }

  func connected(_ peer: PeerID)

  /// What was queued for the peer and not sent is dropped.
  func disconnected(_ peer: PeerID, _ reason: LinkFault)
}

internal import Primitives

/// Sends frames to peers without ever blocking.
protocol PeerTransport: Sendable {
  /// Sends frames to a peer in order; they are dropped if there is no link to it.
  func send(_ frames: [[UInt8]], to peer: PeerID)
  /// Closes the link to a peer that sent something no correct node sends.
  func disconnect(_ peer: PeerID, because reason: String)
}

internal import Primitives

/// Carries frames to peers. Never waits.
protocol PeerTransport: Sendable {
  /// Frames to a peer without a link are dropped.
  func send(_ frames: [[UInt8]], to peer: PeerID)
  /// Closes the link of a peer that sent what no correct node sends.
  func disconnect(_ peer: PeerID, because reason: String)
}

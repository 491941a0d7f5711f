package import Primitives

/// A peer's request for a snapshot; the shell reads it from disk and answers.
package enum SnapshotRequest: Equatable, Sendable {
  /// The manifest of the newest snapshot above a height.
  case manifest(peer: PeerID, above: Height)
  case chunk(peer: PeerID, height: Height, index: Int)
}

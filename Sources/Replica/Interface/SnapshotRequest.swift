package import Primitives

/// A peer asks for a snapshot: the shell reads it from its disk and answers.
package enum SnapshotRequest: Equatable, Sendable {
  /// The manifest of the newest one above a height.
  case manifest(peer: PeerID, above: Height)
  case chunk(peer: PeerID, height: Height, index: Int)
}

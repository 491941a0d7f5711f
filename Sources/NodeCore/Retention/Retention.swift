package import Primitives

/// How many blocks below the tip a node keeps in its log.
package struct Retention: Sendable {
  /// The number of blocks to keep; 0 for all.
  package var kept: UInt64

  package init(kept: UInt64) { self.kept = kept }

  /// The height up to which blocks may be removed once a snapshot of height `snapshot` is durable; nil if none may be
  /// removed.
  package func limit(snapshot: Height, tip: Height) -> Height? {
    guard kept > 0, tip.rawValue > kept else { return nil }
    return min(snapshot, Height(tip.rawValue - kept))
  }
}

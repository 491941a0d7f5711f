package import Primitives

/// How many blocks below the tip a node keeps in its log.
package struct Retention: Sendable {
  /// 0: all.
  package var kept: UInt64

  package init(kept: UInt64) { self.kept = kept }

  /// The height through which blocks may be removed once a snapshot of `snapshot` is on disk; nil if none may.
  package func limit(snapshot: Height, tip: Height) -> Height? {
    guard kept > 0, tip.rawValue > kept else { return nil }
    return min(snapshot, Height(tip.rawValue - kept))
  }
}

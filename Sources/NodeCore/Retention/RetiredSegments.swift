package import BlockLog
package import Primitives

/// Segments that may be removed from the log, oldest first.
package struct RetiredSegments: Sendable {
  package var segments: [LogSegment]
  /// The segment with which the log then begins.
  package var firstKept: UInt32
  /// Blocks up to this height are then no longer in the log.
  package var height: Height

  package var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }
}

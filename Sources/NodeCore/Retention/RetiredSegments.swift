package import BlockLog
package import Primitives

/// Segments that may leave the log, the oldest first.
package struct RetiredSegments: Sendable {
  package var segments: [LogSegment]
  /// The segment that the log then begins with.
  package var firstKept: UInt32
  /// The blocks up to here are then not in the log.
  package var height: Height

  package var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }
}

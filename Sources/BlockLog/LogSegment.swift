package import Primitives

/// What the owner of a log needs to know about a segment to decide what to archive and to prune.
package struct LogSegment: Hashable, Sendable {
  package var number: UInt32
  /// Positions of the first and the last record, nil if there are none.
  package var first: LogPosition?
  package var last: LogPosition?
  /// The first and the last height that the records are about, nil if no record is about a height.
  package var firstHeight: Height?
  package var lastHeight: Height?
  /// Bytes of the whole file.
  package var byteCount: Int
  /// Whether the segment accepts no more records.
  package var isSealed: Bool

  package var file: String { SegmentHeader.fileName(number) }
}

package import Primitives

/// What the owner of a log needs to know of a segment to choose what to archive and to prune.
package struct LogSegment: Hashable, Sendable {
  package var number: UInt32
  /// Positions of its first and its last record, nil if it has none.
  package var first: LogPosition?
  package var last: LogPosition?
  /// The first and the last height that its records are about, nil if none is about one.
  package var firstHeight: Height?
  package var lastHeight: Height?
  /// Bytes of the file.
  package var byteCount: Int
  /// It takes no more records.
  package var isSealed: Bool

  package var file: String { SegmentHeader.fileName(number) }
}

/// A segment that is being made: a file of another name, filled with zeros step by step.
struct SegmentPreparation: Hashable, Sendable {
  var header: SegmentHeader
  /// Bytes of the file that are written and synced.
  var done: Int
  var file: String { SegmentHeader.unfinishedName(header.number) }
}

/// A segment that is being prepared: a file of another name that is filled with zeros step by step.
struct SegmentPreparation: Hashable, Sendable {
  var header: SegmentHeader
  /// The number of bytes of the file that are written and synced.
  var done: Int
  var file: String { SegmentHeader.unfinishedName(header.number) }
}

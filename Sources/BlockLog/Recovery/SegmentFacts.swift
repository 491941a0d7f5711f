/// One segment file, before its records are read.
struct SegmentFacts: Hashable, Sendable {
  /// The number in the file's name.
  var number: UInt32
  var fileBytes: Int
  var header: Result<SegmentHeader, SegmentHeader.Fault>
}

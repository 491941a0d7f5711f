/// One segment file, before its records are looked at.
struct SegmentFacts: Hashable, Sendable {
  /// From the file's name.
  var number: UInt32
  var fileBytes: Int
  var header: Result<SegmentHeader, SegmentHeader.Fault>
}

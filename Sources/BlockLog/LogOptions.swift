import Primitives

/// What the owner of a log may choose.
package struct LogOptions: Hashable, Sendable {
  /// Bytes of the first segment. Each further one is four times as large, up to `segmentBytes`: a young
  /// cluster of many nodes on one machine does not take its full share of disk at once.
  package var firstSegmentBytes: Int
  package var segmentBytes: Int
  /// Any number that peers cannot guess (`SegmentHeader.salt`). Used when a log is created, kept afterwards.
  package var salt: UInt64
  /// Appended bytes that are kept in memory at most before they are written.
  package var batchBytes: Int

  package init(
    firstSegmentBytes: Int = 1 << 20, segmentBytes: Int = Limits.segmentBytes, salt: UInt64 = 0,
    batchBytes: Int = 4 << 20
  ) {
    precondition(
      firstSegmentBytes >= 2 * SegmentHeader.reservedBytes && firstSegmentBytes <= segmentBytes
        && segmentBytes <= Limits.segmentBytes,
      "segments of \(firstSegmentBytes) to \(segmentBytes) bytes are outside 8192...\(Limits.segmentBytes)")
    self.firstSegmentBytes = firstSegmentBytes
    self.segmentBytes = segmentBytes
    self.salt = salt
    self.batchBytes = batchBytes
  }
}

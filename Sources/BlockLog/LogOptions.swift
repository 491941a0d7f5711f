import Primitives

/// The settings that the owner of a log may choose.
package struct LogOptions: Hashable, Sendable {
  /// Bytes of the first segment. Each further segment is four times as large, up to `segmentBytes`, so that a young
  /// cluster of many nodes on one machine does not immediately take its full share of the disk.
  package var firstSegmentBytes: Int
  package var segmentBytes: Int
  /// Any number that peers cannot guess (`SegmentHeader.salt`). It is used when a log is created, and does not change
  /// afterwards.
  package var salt: UInt64
  /// The greatest number of appended bytes to keep in memory before they are written.
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

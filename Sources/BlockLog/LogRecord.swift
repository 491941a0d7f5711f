package import Primitives

/// Where a record begins. Stays true for the record's life, so that an index can hold it.
package struct RecordAddress: Hashable, Comparable, Sendable, BitwiseCopyable {
  package var segment: UInt32
  /// Bytes from the start of the segment file.
  package var offset: UInt32

  package init(segment: UInt32, offset: UInt32) {
    self.segment = segment
    self.offset = offset
  }

  package static func < (left: RecordAddress, right: RecordAddress) -> Bool {
    left.segment == right.segment ? left.offset < right.offset : left.segment < right.segment
  }
}

extension RecordAddress: CustomStringConvertible {
  package var description: String { "\(SegmentHeader.fileName(segment))@\(offset)" }
}

/// A record as it was appended.
package struct LogRecord: Hashable, Sendable {
  package var position: LogPosition
  package var address: RecordAddress
  package var kind: UInt8
  package var height: Height
  package var payload: [UInt8]
}

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

/// What the log did since it was opened.
package struct LogStatistics: Hashable, Sendable {
  package var records = 0
  /// Bytes of payloads appended.
  package var payloadBytes = 0
  /// Bytes written to segments: payloads, headers, padding, marks, repairs.
  package var writtenBytes = 0
  /// Zeros and headers written to make segments ahead of need.
  package var preparedBytes = 0
  package var writes = 0
  package var syncs = 0

  package init() {}
}

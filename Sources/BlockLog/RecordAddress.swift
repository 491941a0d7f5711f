/// The place where a record begins. It never changes, so an index can store it.
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

package import Primitives

/// The place and cause of damage to durable data.
package struct LogDamage: Hashable, Sendable {
  package var file: String
  package var offset: Int
  /// The first position that is lost.
  package var position: LogPosition
  /// The height that the record is about if its header can be read, otherwise the last height before it.
  package var height: Height
  package var cause: Cause

  package init(file: String, offset: Int, position: LogPosition, height: Height, cause: Cause) {
    self.file = file
    self.offset = offset
    self.position = position
    self.height = height
    self.cause = cause
  }

  package enum Cause: Hashable, Sendable {
    case missingSegment
    case badSegmentHeader(SegmentHeader.Fault)
    case wrongSegmentNumber(UInt32)
    case wrongSize(expected: Int, found: Int)
    /// There is no record here, but later bytes prove that one was durable.
    case missingRecord
    case badRecordHeader
    case badPayload
    case badPruneMark(PruneMark.Fault)
    /// A valid record whose position does not match its place.
    case misplaced(LogPosition)
  }
}

extension LogDamage.Cause: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingSegment: "the segment is missing"
    case .badSegmentHeader(let fault): "the segment's header is damaged (\(fault))"
    case .wrongSegmentNumber(let number): "the file contains segment \(number)"
    case .wrongSize(let expected, let found): "the file has \(found) bytes instead of \(expected)"
    case .missingRecord: "a record is missing that later ones prove to have been synced"
    case .badRecordHeader: "a record's header does not match its checksum"
    case .badPayload: "a record's payload does not match its checksum"
    case .badPruneMark(let fault): "the file that records where the log begins is damaged (\(fault))"
    case .misplaced(let position): "the record found here has position \(position), so it belongs elsewhere"
    }
  }
}

package import Primitives

/// A part of a segment that cannot be read, between what can.
package struct DamagedStretch: Hashable, Sendable {
  package enum Reach: Hashable, Sendable {
    /// The segment's first page. The records behind it are sound, and prove what it said.
    case segmentHeader
    /// Something sound follows in the segment.
    case sound
    /// Nothing sound follows in the segment, but in a later one.
    case segmentEnd
    /// Nothing sound follows in the log.
    case logEnd
  }

  /// What a sound header says of a record whose payload is bad.
  package struct Header: Hashable, Sendable {
    package var kind: UInt8
    package var height: Height
    package var payloadBytes: Int
    package var payloadChecksum: UInt32
  }

  /// The header of the segment; if `reach` says that its page is damaged, what it must have been.
  package var segment: SegmentHeader
  package var offset: Int
  /// To the next sound thing, or to the segment's end.
  package var byteCount: Int
  package var reach: Reach
  /// The first position that is lost.
  package var first: LogPosition
  /// How many records are lost; nil at the end of the log, where nothing tells. 0 where only a seal or a mark is.
  package var count: Int?
  /// If only the payload of one record is bad.
  package var header: Header?
  /// The last height before, and the first one after that a sound record is about.
  package var heightBefore: Height
  package var heightAfter: Height?
  package var cause: LogDamage.Cause
  /// The greatest durable mark before.
  var durable: LogPosition
  /// A durable mark elsewhere says that the first lost record was synced.
  var isProven: Bool

  package var file: String { SegmentHeader.fileName(segment.number) }
  package var range: Range<Int> { offset..<offset + byteCount }
}

extension DamagedStretch: CustomStringConvertible {
  package var description: String {
    let records =
      switch count {
      case nil: "an unknown number of records from position \(first) on"
      case 0: "no record before position \(first)"
      case 1: "the record at position \(first)"
      case let count?: "the records at positions \(first) to \(first.rawValue + UInt64(count) - 1)"
      }
    let after = heightAfter.map { ", before height \($0)" } ?? ""
    return
      "\(file), \(byteCount) bytes at offset \(offset): \(records), behind height \(heightBefore)\(after): \(cause)"
  }
}

package import Primitives

/// An unreadable part of a segment, between readable parts.
package struct DamagedStretch: Hashable, Sendable {
  package enum Reach: Hashable, Sendable {
    /// The stretch is the segment's first page. The records after it are valid and prove what it contained.
    case segmentHeader
    /// Something valid follows in the segment.
    case sound
    /// Nothing valid follows in the segment, but something does in a later one.
    case segmentEnd
    /// Nothing valid follows in the log.
    case logEnd
  }

  /// What a valid header says about a record whose payload is bad.
  package struct Header: Hashable, Sendable {
    package var kind: UInt8
    package var height: Height
    package var payloadBytes: Int
    package var payloadChecksum: UInt32
  }

  /// The header of the segment, reconstructed if `reach` says that its page is damaged.
  package var segment: SegmentHeader
  package var offset: Int
  /// Bytes up to the next valid item, or to the end of the segment.
  package var byteCount: Int
  package var reach: Reach
  /// The first position that is lost.
  package var first: LogPosition
  /// How many records are lost; nil at the end of the log, where their number is unknown; 0 where there was only a seal
  /// or a mark.
  package var count: Int?
  /// The record's header, if only the payload of one record is bad.
  package var header: Header?
  /// The last height before the stretch, and the first height after it that a valid record is about.
  package var heightBefore: Height
  package var heightAfter: Height?
  package var cause: LogDamage.Cause
  /// The greatest durable mark before the stretch.
  var durable: LogPosition
  /// Whether a durable mark elsewhere says that the first lost record was synced.
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
      "\(file), \(byteCount) bytes at offset \(offset): \(records), after height \(heightBefore)\(after): \(cause)"
  }
}

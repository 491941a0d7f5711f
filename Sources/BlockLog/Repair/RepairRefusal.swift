import Primitives

/// Why a stretch cannot be rewritten as requested.
package enum RepairRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are more records than positions.
  case tooMany(records: Int, positions: Int)
  /// The records, and the voids for positions without a record, need more bytes than there are.
  case tooLarge(needed: Int, room: Int)
  /// The records leave bytes that no void can fill.
  case notFilled(left: Int)
  case recordTooLarge(byteCount: Int)
  /// A record has kind 0; kinds begin with 1.
  case noKind
  /// The running log still writes there, or the stretch reaches to the end of the log, which is rewritten only while it
  /// is closed.
  case inUse
  /// The segment is not the one that was surveyed.
  case otherSegment

  package var description: String {
    switch self {
    case .tooMany(let records, let positions): "\(records) records for \(positions) positions"
    case .tooLarge(let needed, let room): "the records need \(needed) bytes, but there is room for \(room)"
    case .notFilled(let left): "the records leave \(left) bytes unused"
    case .recordTooLarge(let byteCount): "a record has \(byteCount) bytes; the limit is \(Limits.recordBytes)"
    case .noKind: "a record has kind 0"
    case .inUse: "the log is still writing there"
    case .otherSegment: "the segment is missing or is not the one that was examined"
    }
  }
}

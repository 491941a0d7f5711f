package import Primitives

/// A record to stand where one was lost.
package struct ReplacementRecord: Hashable, Sendable {
  package var kind: UInt8
  package var height: Height
  package var payload: [UInt8]

  package init(kind: UInt8, height: Height, payload: [UInt8]) {
    self.kind = kind
    self.height = height
    self.payload = payload
  }
}

/// What stands where nothing can be put back: a record of this kind whose payload begins like this, and goes on
/// with zeros as far as the space goes.
package struct VoidRecord: Hashable, Sendable {
  /// The smallest record has room for so many bytes.
  package static let prefixBytes = 7

  package var kind: UInt8
  package var prefix: [UInt8]

  package init(kind: UInt8, prefix: [UInt8] = []) {
    precondition(kind != 0, "0 is no record kind")
    precondition(prefix.count <= VoidRecord.prefixBytes, "\(prefix.count) bytes do not fit in every record")
    self.kind = kind
    self.prefix = prefix
  }
}

/// Why a stretch is not rewritten as asked.
package enum RepairRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// More records than positions.
  case tooMany(records: Int, positions: Int)
  /// The records, and voids for the positions without one, need more bytes than there are.
  case tooLarge(needed: Int, room: Int)
  /// The records leave bytes over that no void takes.
  case notFilled(left: Int)
  case recordTooLarge(byteCount: Int)
  /// Records have kinds from 1 on.
  case noKind
  /// The running log still writes there, or the end of a log is rewritten only while it is closed.
  case inUse
  /// The segment is not the one that was looked at.
  case otherSegment

  package var description: String {
    switch self {
    case .tooMany(let records, let positions): "\(records) records for \(positions) positions"
    case .tooLarge(let needed, let room): "the records need \(needed) bytes, there are \(room)"
    case .notFilled(let left): "the records leave \(left) bytes over"
    case .recordTooLarge(let byteCount): "a record has \(byteCount) bytes, the limit is \(Limits.recordBytes)"
    case .noKind: "a record has kind 0"
    case .inUse: "the log is at work there"
    case .otherSegment: "the segment is missing or is not the one that was looked at"
    }
  }
}

internal import GRDB
internal import Ledger
internal import Primitives

/// Transactions of one batch that name an account, as one row: most of what a row costs is the row itself.
///
/// The newest is in the row's key; `earlier` has the others, the newest first, each as its distance below the one
/// before it, in bytes of seven bits, the lowest first, of which all but the last have the top bit set (LEB128).
struct ActivityRow {
  let account: AccountName
  let newest: Int64
  private(set) var earlier: [UInt8] = []

  /// More would not stay on one page of the database with others.
  static let mostPositions = 256

  /// `positions`: ascending, different, at least one, at most `mostPositions`.
  init(_ account: AccountName, _ positions: some BidirectionalCollection<Int64>) {
    self.account = account
    newest = positions.last ?? 0
    var above = newest
    for position in positions.dropLast().reversed() {
      var distance = UInt64(bitPattern: above &- position)
      while distance >= 0x80 {
        earlier.append(UInt8(truncatingIfNeeded: distance) | 0x80)
        distance >>= 7
      }
      earlier.append(UInt8(distance))
      above = position
    }
  }

  /// The positions of a row, the newest first.
  static func positions(newest: Int64, earlier: some Sequence<UInt8>) throws -> [Int64] {
    var positions = [newest]
    var last = newest
    var distance: UInt64 = 0
    var shift: UInt64 = 0
    for byte in earlier {
      guard shift < 63, positions.count < mostPositions else { throw damaged }
      distance |= UInt64(byte & 0x7F) << shift
      shift += 7
      guard byte < 0x80 else { continue }
      guard distance > 0, distance <= UInt64(max(last, 0)) else { throw damaged }
      last -= Int64(distance)
      positions.append(last)
      distance = 0
      shift = 0
    }
    guard shift == 0 else { throw damaged }
    return positions
  }

  private static var damaged: DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row of an account's transactions is none")
  }
}

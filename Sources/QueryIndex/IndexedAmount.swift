internal import Foundation
internal import GRDB
internal import Ledger

/// Amounts in the database, which has no integers of 128 bits: 16 bytes, the most significant first.
enum IndexedAmount {
  static func data(_ amount: Amount) -> Data { withUnsafeBytes(of: amount.rawValue.bigEndian) { Data($0) } }

  static func amount(_ data: Data) throws -> Amount {
    guard data.count == 16 else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an amount has \(data.count) bytes")
    }
    return Amount(data.reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) })
  }
}

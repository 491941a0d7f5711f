internal import Foundation
internal import GRDB
internal import Ledger
internal import Primitives

extension IndexDatabase {
  static func transaction(_ database: Database, _ id: Digest) throws -> IndexedTransaction? {
    // Searches the volumes in a single statement, the last one first: a separate call for each would cost more than its
    // search.
    let statement = try database.cachedStatement(
      sql: """
        WITH RECURSIVE volumes(number) AS (
          SELECT volume FROM chain UNION ALL SELECT number - 1 FROM volumes WHERE number > 0
        )
        SELECT position, code, operation FROM volumes CROSS JOIN transactions
        WHERE volume = volumes.number AND id = ? LIMIT 1
        """)
    guard let row = try Row.fetchOne(statement, arguments: [Data(id.bytes)]) else { return nil }
    guard let rawCode = UInt16(exactly: row["code"] as Int64), let code = OutcomeCode(rawValue: rawCode),
      let operation = UInt32(exactly: row["operation"] as Int64), code != .applied || operation == 0
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "transaction \(id) has an invalid outcome") }
    return IndexedTransaction(
      place: IndexedPlace(position: row["position"]), outcome: TransactionOutcome(code: code, operation: operation))
  }

  static func activity(
    _ database: Database, _ account: AccountName, before: IndexedPlace?, limit: Int
  ) throws -> [IndexedPlace] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT position FROM activity WHERE volume = ? AND account = ? AND position < ? ORDER BY position DESC LIMIT ?
        """)
    let bound = before?.upperBound ?? .max
    var volume = try lastVolume(database)
    var positions: [Int64] = []
    while positions.count < limit, volume >= 0 {
      positions += try Int64.fetchAll(
        statement, arguments: [volume, account.description, bound, limit - positions.count])
      volume -= 1
    }
    return positions.map { IndexedPlace(position: $0) }
  }

  /// The same in ascending order, from the place `from` on and in blocks up to `last`.
  static func activity(
    _ database: Database, _ account: AccountName, from: IndexedPlace, through last: Height, limit: Int
  ) throws -> [IndexedPlace] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT position FROM activity WHERE volume = ? AND account = ? AND position >= ? AND position < ?
        ORDER BY position LIMIT ?
        """)
    let end = IndexedPlace.end(of: last)
    let lastVolume = try lastVolume(database)
    var volume: Int64 = 0
    var positions: [Int64] = []
    while positions.count < limit, volume <= lastVolume {
      positions += try Int64.fetchAll(
        statement, arguments: [volume, account.description, from.upperBound, end, limit - positions.count])
      volume += 1
    }
    return positions.map { IndexedPlace(position: $0) }
  }

  static func lastVolume(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT volume FROM chain") ?? -1
  }

  static func versions(
    _ database: Database, _ collection: CollectionName, _ key: String, before: UInt64?, limit: Int
  ) throws -> [IndexedRecordVersion] {
    // No record has such a key, and SQLite would end the text at the zero byte.
    guard !key.utf8.contains(0) else { return [] }
    let statement = try database.cachedStatement(
      sql: """
        SELECT version, position, operation FROM records WHERE collection = ? AND key = ? AND version < ?
        ORDER BY version DESC LIMIT ?
        """)
    let bound = Int64(clamping: before ?? .max)
    return try Row.fetchAll(statement, arguments: [collection.description, key, bound, limit]).map { row in
      IndexedRecordVersion(
        version: UInt64(bitPattern: row["version"] as Int64), place: IndexedPlace(position: row["position"]),
        operation: row["operation"])
    }
  }
}

internal import Foundation
internal import GRDB
internal import Ledger
internal import Primitives

// What open holds give back, which neither the operations say nor, if they expire, any transaction.
extension IndexDatabase {
  /// `holds` are those that are open after the last indexed block. `returns` has what operations gave back, and `expiries`
  /// what the chain did, under the payer's account.
  static let holdTables = """
    CREATE TABLE holds (
      payer TEXT NOT NULL, reference BLOB NOT NULL, payee TEXT NOT NULL, asset TEXT NOT NULL, amount BLOB NOT NULL,
      expires INTEGER NOT NULL, height INTEGER NOT NULL, operation INTEGER NOT NULL, PRIMARY KEY (payer, reference)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX holds_by_expiry ON holds (expires, height, operation);
    CREATE TABLE returns (
      volume INTEGER NOT NULL, account TEXT NOT NULL, position INTEGER NOT NULL, operation INTEGER NOT NULL,
      amount BLOB NOT NULL, PRIMARY KEY (volume, account, position, operation)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE expiries (
      volume INTEGER NOT NULL, account TEXT NOT NULL, height INTEGER NOT NULL, number INTEGER NOT NULL,
      payee TEXT NOT NULL, reference BLOB NOT NULL, asset TEXT NOT NULL, amount BLOB NOT NULL,
      PRIMARY KEY (volume, account, height, number)
    ) STRICT, WITHOUT ROWID;
    """

  /// Replaces the open holds.
  static func setHolds(_ holds: [Hold], in database: Database) throws {
    try database.execute(sql: "DELETE FROM holds")
    var stored = try StoredHolds(database)
    for hold in holds { try stored.put(hold) }
  }

  /// Does to the open holds what the blocks did, and writes what they gave back. Returns how many rows that is. The operations
  /// of blocks that are not in `heightsWithHolds` are not read again.
  static func followHolds(
    of blocks: [IndexedBlock], _ heightsWithHolds: Set<Height>, volume: Int64, in database: Database
  ) throws -> Int {
    var stored = try StoredHolds(database)
    let operation = try database.cachedStatement(sql: "INSERT INTO returns VALUES (?, ?, ?, ?, ?)")
    let expiry = try database.cachedStatement(sql: "INSERT INTO expiries VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    var rows = 0
    for indexed in blocks {
      let block = indexed.block
      let returns =
        heightsWithHolds.contains(block.height)
        ? try HoldFollower.follow(block, indexed.outcomes, on: &stored)
        : try HoldFollower.expire(at: block.header, on: &stored)
      for ended in returns {
        let (place, hold) = (ended.place, ended.hold)
        if let index = place.index {
          let position = IndexedPlace(height: place.height, index: index).position
          try operation.execute(arguments: [
            volume, hold.from.description, position, place.number, IndexedAmount.data(hold.amount),
          ])
        } else {
          try expiry.execute(arguments: [
            volume, hold.from.description, Int64(clamping: place.height.rawValue), place.number, hold.to.description,
            Data(hold.reference.bytes), hold.asset.description, IndexedAmount.data(hold.amount),
          ])
        }
        rows += 1
      }
    }
    return rows
  }

  /// What the operations of the transaction at `place` gave back to the account, by the operation's index.
  static func returns(_ database: Database, _ account: AccountName, at place: IndexedPlace) throws -> [Int: Amount] {
    let statement = try database.cachedStatement(
      sql: """
        WITH RECURSIVE volumes(number) AS (
          SELECT volume FROM chain UNION ALL SELECT number - 1 FROM volumes WHERE number > 0
        )
        SELECT operation, amount FROM volumes CROSS JOIN returns
        WHERE volume = volumes.number AND account = ? AND position = ?
        """)
    var amounts: [Int: Amount] = [:]
    for row in try Row.fetchAll(statement, arguments: [account.description, place.upperBound]) {
      amounts[row["operation"]] = try IndexedAmount.amount(row["amount"])
    }
    return amounts
  }

  /// The expired holds returned to the account after the one with `number` in the block `height`, in blocks up to `last`.
  static func expiries(
    _ database: Database, _ account: AccountName, after height: Height, _ number: Int, through last: Height, limit: Int
  ) throws -> [IndexedExpiry] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT * FROM expiries WHERE volume = ? AND account = ? AND (height, number) > (?, ?) AND height <= ?
        ORDER BY height, number LIMIT ?
        """)
    let (start, end) = (Int64(clamping: height.rawValue), Int64(clamping: last.rawValue))
    let lastVolume = try lastVolume(database)
    var volume: Int64 = 0
    var found: [IndexedExpiry] = []
    while found.count < limit, volume <= lastVolume {
      found += try Row.fetchAll(
        statement, arguments: [volume, account.description, start, number, end, limit - found.count]
      ).map { try expiry($0) }
      volume += 1
    }
    return found
  }

  private static func expiry(_ row: Row) throws -> IndexedExpiry {
    guard let to = AccountName(row["payee"] as String),
      let reference = HoldReference(bytes: Array(row["reference"] as Data)), let asset = Name(row["asset"] as String)
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an expired hold is malformed") }
    return IndexedExpiry(
      place: MovementPlace(
        height: Height(UInt64(bitPattern: row["height"] as Int64)), index: nil, number: row["number"]),
      to: to, reference: reference, asset: asset, amount: try IndexedAmount.amount(row["amount"]))
  }
}

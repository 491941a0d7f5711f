internal import Foundation
internal import GRDB
internal import Ledger
internal import Primitives

/// The open holds in the index, which no transfer touches.
///
/// They are in the database, and not in memory, so that they are written along with the rows that follow from them.
struct StoredHolds: HoldShelf {
  private let database: Database
  /// When the first of them expires, so that a block in which none does costs no look-up.
  private var firstExpiry: Timestamp?

  init(_ database: Database) throws {
    self.database = database
    try findFirstExpiry()
  }

  private mutating func findFirstExpiry() throws {
    firstExpiry = try Int64.fetchOne(database.cachedStatement(sql: "SELECT MIN(expires) FROM holds"))
      .map { Timestamp(UInt64(bitPattern: $0)) }
  }

  mutating func put(_ hold: Hold) throws {
    try database.cachedStatement(sql: "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, ?)").execute(arguments: [
      hold.from.description, Data(hold.reference.bytes), hold.to.description, hold.asset.description,
      IndexedAmount.data(hold.amount), Int64(clamping: hold.expires.rawValue),
      Int64(clamping: hold.placed.height.rawValue), Int64(hold.placed.operation),
    ])
    firstExpiry = min(firstExpiry ?? hold.expires, hold.expires)
  }

  mutating func take(_ from: AccountName, _ reference: HoldReference) throws -> Hold {
    let statement = try database.cachedStatement(sql: "SELECT * FROM holds WHERE payer = ? AND reference = ?")
    guard let row = try Row.fetchOne(statement, arguments: [from.description, Data(reference.bytes)]) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an open hold of \(from) is missing")
    }
    let hold = try Self.hold(row)
    try remove(hold)
    return hold
  }

  mutating func takeExpired(at time: Timestamp) throws -> Hold? {
    guard let firstExpiry, firstExpiry <= time else { return nil }
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM holds WHERE expires <= ? ORDER BY expires, height, operation LIMIT 1")
    guard let row = try Row.fetchOne(statement, arguments: [Int64(clamping: time.rawValue)]) else {
      // The first ones ended early.
      try findFirstExpiry()
      return nil
    }
    let hold = try Self.hold(row)
    try remove(hold)
    return hold
  }

  private func remove(_ hold: Hold) throws {
    try database.cachedStatement(sql: "DELETE FROM holds WHERE payer = ? AND reference = ?")
      .execute(arguments: [hold.from.description, Data(hold.reference.bytes)])
  }

  /// What no return needs, such as the arbiter, is not stored.
  private static func hold(_ row: Row) throws -> Hold {
    guard let from = AccountName(row["payer"] as String), let to = AccountName(row["payee"] as String),
      let reference = HoldReference(bytes: Array(row["reference"] as Data)), let asset = Name(row["asset"] as String)
    else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an open hold is malformed") }
    return Hold(
      from: from, reference: reference, to: to, asset: asset, amount: try IndexedAmount.amount(row["amount"]),
      expires: Timestamp(UInt64(bitPattern: row["expires"] as Int64)), arbiter: nil,
      placed: HoldNumber(
        height: Height(UInt64(bitPattern: row["height"] as Int64)),
        operation: UInt32(truncatingIfNeeded: row["operation"] as Int64)))
  }
}

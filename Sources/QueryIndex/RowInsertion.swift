internal import GRDB
internal import GRDBSQLite
internal import Primitives

/// A prepared insertion that is run for one row after another: bind the values in order, then call `run`.
///
/// It binds values through SQLite directly: GRDB creates an object for every value, which took as long as SQLite took
/// to store it.
struct RowInsertion: ~Copyable {
  private let database: Database
  private let statement: GRDB.Statement
  private var bound: Int32 = 0
  private var code = SQLITE_OK

  init(_ database: Database, sql: String) throws {
    self.database = database
    statement = try database.cachedStatement(sql: sql)
  }

  mutating func bind(_ value: Int64) {
    note(sqlite3_bind_int64(statement.sqliteStatement, bound + 1, value))
  }

  mutating func bind(_ digest: Digest) {
    note(
      digest.withUnsafeBytes {
        sqlite3_bind_blob(statement.sqliteStatement, bound + 1, $0.baseAddress, Int32($0.count), Self.copying)
      })
  }

  mutating func bind(utf8 bytes: [UInt8]) {
    note(
      bytes.withUnsafeBufferPointer { buffer in
        buffer.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text(statement.sqliteStatement, bound + 1, $0.baseAddress, Int32($0.count), Self.copying)
        }
      })
  }

  private mutating func note(_ result: Int32) {
    bound += 1
    if code == SQLITE_OK { code = result }
  }

  /// Inserts the row whose values were bound.
  mutating func run() throws {
    if code == SQLITE_OK { code = sqlite3_step(statement.sqliteStatement) }
    defer {
      sqlite3_reset(statement.sqliteStatement)
      bound = 0
      code = SQLITE_OK
    }
    guard code != SQLITE_DONE else { return }
    let connection = database.sqliteConnection
    throw DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: sqlite3_errmsg(connection).map { String(cString: $0) })
  }

  /// SQLITE_TRANSIENT tells SQLite to copy the bytes because they do not stay valid; Swift does not import the macro.
  private static var copying: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

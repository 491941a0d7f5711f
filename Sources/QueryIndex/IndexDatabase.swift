internal import Foundation
internal import GRDB
internal import Ledger
internal import Primitives

/// The tables of the query index and the statements on them. Must be called within GRDB's database accesses.
enum IndexDatabase {
  /// The version of the tables. An index of another version is not converted but rebuilt.
  static let version: Int32 = 3

  /// How far the index has got.
  struct Tip: Hashable {
    var height = Height.genesis
    /// The digest of the block at `height`; nil if nothing is indexed.
    var digest: Digest?
    var counts = IndexCounts()
    /// The volume to which the next rows are added.
    var volume = IndexVolume()
    /// The height after which all open holds are known, and with them what each gave back; nil if they are not.
    var holdsFrom: Height? = .genesis
  }

  static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.label = "query-index"
    // People inspect the database with other tools, which may hold a lock for a moment.
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      // The data is derived, so batches need no sync: after a loss of power, the last batches may be missing and are
      // read from the log again. OFF would also save the syncs of checkpoints, but could leave a file whose damage does
      // not show.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      try database.execute(sql: "PRAGMA cache_size = \(database.configuration.readonly ? -4096 : -32768)")
      if !database.configuration.readonly {
        try database.execute(sql: "PRAGMA wal_autocheckpoint = 16384")
        try database.execute(sql: "PRAGMA journal_size_limit = \(64 << 20)")
      }
    }
    return configuration
  }

  /// Positions are those of `IndexedPlace`. The tables store their rows in key order, so a history is one scan of
  /// adjacent rows in each of its volumes (`IndexVolume`).
  private static let tables = """
    CREATE TABLE chain (
      only INTEGER PRIMARY KEY CHECK (only = 1), suite INTEGER NOT NULL, genesis BLOB NOT NULL,
      height INTEGER NOT NULL, digest BLOB,
      transactions INTEGER NOT NULL, failed INTEGER NOT NULL, activities INTEGER NOT NULL, versions INTEGER NOT NULL,
      volume INTEGER NOT NULL, volume_rows INTEGER NOT NULL, holds_from INTEGER
    ) STRICT;
    CREATE TABLE transactions (
      volume INTEGER NOT NULL, id BLOB NOT NULL, position INTEGER NOT NULL, code INTEGER NOT NULL,
      operation INTEGER NOT NULL, PRIMARY KEY (volume, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE activity (
      volume INTEGER NOT NULL, account TEXT NOT NULL, position INTEGER NOT NULL,
      PRIMARY KEY (volume, account, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE records (
      collection TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
      operation INTEGER NOT NULL, PRIMARY KEY (collection, key, version)
    ) STRICT, WITHOUT ROWID;
    """
    + holdTables

  /// Creates empty tables, replacing any existing ones.
  static func create(_ database: Database, chain: ChainContext) throws {
    for table in ["chain", "transactions", "activity", "records", "holds", "returns", "expiries"] {
      try database.execute(sql: "DROP TABLE IF EXISTS \(table)")
    }
    try database.execute(sql: tables)
    try database.execute(
      sql: "INSERT INTO chain VALUES (1, ?, ?, 0, NULL, 0, 0, 0, 0, 0, 0, 0)",
      arguments: [Int(chain.suite.rawValue), Data(chain.genesis.bytes)])
    try database.execute(sql: "PRAGMA application_id = \(IndexFile.applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Whether a database has no tables.
  static func isEmpty(_ database: Database) throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") == 0
  }

  /// Why the tables are not those of `chain` in this version; nil if they are.
  static func mismatch(_ database: Database, chain: ChainContext) throws -> String? {
    let found = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found == version else { return "it has the format \(found); this program writes \(version)" }
    guard let row = try Row.fetchOne(database, sql: "SELECT suite, genesis FROM chain"),
      let suite: Int = row["suite"], let genesis: Data = row["genesis"]
    else { return "it does not name its chain" }
    guard suite == Int(chain.suite.rawValue), genesis == Data(chain.genesis.bytes) else {
      return "it belongs to another chain"
    }
    return nil
  }

  static func tip(_ database: Database) throws -> Tip {
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM chain") else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the row of the chain is missing")
    }
    func count(_ column: String) -> UInt64 { UInt64(bitPattern: row[column] as Int64) }
    return Tip(
      height: Height(count("height")), digest: (row["digest"] as Data?).flatMap { Digest(bytes: $0) },
      counts: IndexCounts(
        transactions: count("transactions"), failed: count("failed"), activities: count("activities"),
        recordVersions: count("versions")),
      volume: IndexVolume(number: row["volume"], rows: count("volume_rows")),
      holdsFrom: (row["holds_from"] as Int64?).map { Height(UInt64(bitPattern: $0)) })
  }

  static func setTip(_ database: Database, _ tip: Tip) throws {
    try database.execute(
      sql: """
        UPDATE chain SET height = ?, digest = ?, transactions = ?, failed = ?, activities = ?, versions = ?,
          volume = ?, volume_rows = ?, holds_from = ?
        """,
      arguments: [
        Int64(bitPattern: tip.height.rawValue), tip.digest.map { Data($0.bytes) },
        Int64(bitPattern: tip.counts.transactions), Int64(bitPattern: tip.counts.failed),
        Int64(bitPattern: tip.counts.activities), Int64(bitPattern: tip.counts.recordVersions),
        tip.volume.number, Int64(bitPattern: tip.volume.rows),
        tip.holdsFrom.map { Int64(bitPattern: $0.rawValue) },
      ])
  }

  static func insert(_ batch: IndexBatch, volume: Int64, into database: Database) throws {
    var transaction = try RowInsertion(database, sql: "INSERT INTO transactions VALUES (?, ?, ?, ?, ?)")
    for row in batch.transactions {
      transaction.bind(volume)
      transaction.bind(row.id)
      transaction.bind(row.position)
      transaction.bind(Int64(row.outcome.code.rawValue))
      transaction.bind(Int64(row.outcome.operation))
      try transaction.run()
    }
    var activity = try RowInsertion(database, sql: "INSERT INTO activity VALUES (?, ?, ?)")
    for row in batch.activities {
      activity.bind(volume)
      activity.bind(utf8: row.account.bytes)
      activity.bind(row.position)
      try activity.run()
    }
    var record = try RowInsertion(
      database,
      sql: """
        INSERT INTO records
        SELECT ?1, ?2, COALESCE(MAX(version), 0) + 1, ?3, ?4 FROM records WHERE collection = ?1 AND key = ?2
        """)
    for row in batch.records {
      record.bind(utf8: Array(row.collection.description.utf8))
      record.bind(utf8: Array(row.key.utf8))
      record.bind(row.position)
      record.bind(Int64(row.operation))
      try record.run()
    }
  }
}

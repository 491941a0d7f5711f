internal import GRDB
package import Ledger
package import Primitives
internal import Synchronization

/// Finds transactions by id, the transactions of an account, what its holds gave back, and the versions of a record.
///
/// It is an SQLite database that is written after finalization and derived from the log alone; in case of doubt it is
/// rebuilt. One thread at a time may write (`add`, `reset`, `jump`). Any thread may look things up, which blocks it for
/// a read from the local disk.
package final class QueryIndex: Sendable {
  package enum Opening: Hashable, Sendable {
    case existing
    case created
    /// There was a file, but it could not be used.
    case rebuilt(reason: String)
  }

  package let path: String
  package let chain: ChainContext
  /// What was found at the path.
  package let opening: Opening

  /// The greatest number of rows in one answer.
  package static let pageLimit = 1000

  private let volumeRows: UInt64
  private let pool: DatabasePool
  private let tip: Mutex<IndexDatabase.Tip>
  private let damage = Mutex<QueryIndexError?>(nil)

  /// Opens the index of `chain` at `path`, or creates it. An index that is damaged, or belongs to another chain or
  /// version, is replaced.
  package convenience init(path: String, chain: ChainContext) throws(QueryIndexError) {
    try self.init(path: path, chain: chain, volumeRows: IndexVolume.leastRows)
  }

  /// Opens or creates the index with volumes of at least `volumeRows` rows.
  init(path: String, chain: ChainContext, volumeRows: UInt64) throws(QueryIndexError) {
    let file = IndexFile(path: path)
    var reason = try file.reasonToReplace()
    var opened: Opened?
    if reason == nil {
      do throws(QueryIndexError) {
        opened = try QueryIndex.open(path, chain)
        reason = opened?.mismatch
      } catch {
        guard case .damaged(_, let text) = error else { throw error }
        reason = text
      }
    }
    if let reason {
      // Nobody else holds the database yet, so this closes it.
      opened = nil
      try file.discard()
      opened = try QueryIndex.open(path, chain)
      opening = .rebuilt(reason: reason)
    } else {
      opening = opened?.isNew == true ? .created : .existing
    }
    guard let opened, opened.mismatch == nil else {
      throw .unusable(path: path, reason: opened?.mismatch ?? "it was not opened")
    }
    self.path = path
    self.chain = chain
    self.volumeRows = volumeRows
    pool = opened.pool
    tip = Mutex(opened.tip)
  }

  private struct Opened {
    var pool: DatabasePool
    var isNew: Bool
    var tip = IndexDatabase.Tip()
    var mismatch: String?
  }

  private static func open(_ path: String, _ chain: ChainContext) throws(QueryIndexError) -> Opened {
    do {
      let pool = try DatabasePool(path: path, configuration: IndexDatabase.configuration())
      let isNew = try pool.write { database in
        guard try IndexDatabase.isEmpty(database) else { return false }
        try IndexDatabase.create(database, chain: chain)
        return true
      }
      // The header, which identifies the file as an index, must not be only in the write-ahead log.
      if isNew { try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
      return try pool.read { database in
        var opened = Opened(pool: pool, isNew: isNew, mismatch: try IndexDatabase.mismatch(database, chain: chain))
        if opened.mismatch == nil { opened.tip = try IndexDatabase.tip(database) }
        return opened
      }
    } catch {
      throw QueryIndexError(error, path: path)
    }
  }

  /// The last indexed height, 0 if there is none.
  package var height: Height { tip.withLock { $0.height } }
  /// The digest of the block at `height`; nil if nothing is indexed.
  package var digest: Digest? { tip.withLock { $0.digest } }
  package var counts: IndexCounts { tip.withLock { $0.counts } }

  /// Adds the next blocks, all or none. The first must be at the height after `height`.
  package func add(_ blocks: [IndexedBlock]) throws(QueryIndexError) {
    guard !blocks.isEmpty else { return }
    if let damage = damage.withLock({ $0 }) { throw damage }
    var next = tip.withLock { $0 }
    for indexed in blocks {
      let block = indexed.block
      guard block.height <= IndexedPlace.lastHeight else { throw .tooHigh(height: block.height) }
      let expected = Height(next.height.rawValue + 1)
      guard block.height == expected else { throw .notNext(expected: expected, offered: block.height) }
      if let digest = next.digest, digest != block.header.parent {
        throw .otherParent(height: block.height, indexed: digest, parent: block.header.parent)
      }
      guard indexed.outcomes.count == block.count else {
        throw .outcomesMissing(height: block.height, transactions: block.count, outcomes: indexed.outcomes.count)
      }
      next.height = block.height
      next.digest = block.digest
    }
    let batch = IndexBatch(blocks)
    next.counts.transactions += UInt64(batch.transactions.count)
    next.counts.failed += UInt64(batch.failed)
    next.counts.activities += UInt64(batch.activities.count)
    next.counts.recordVersions += UInt64(batch.records.count)
    try write { [next, volumeRows] database in
      var next = next
      try IndexDatabase.insert(batch, volume: next.volume.number, into: database)
      var rows = batch.transactions.count + batch.activities.count
      if next.holdsFrom != nil {
        rows += try IndexDatabase.followHolds(
          of: blocks, batch.heightsWithHolds, volume: next.volume.number, in: database)
      }
      next.volume.add(rows: rows, all: next.counts, least: volumeRows)
      return next
    }
  }

  /// Empties the index. Concurrent readers see either all of it or nothing.
  package func reset() throws(QueryIndexError) {
    try write { [chain] database in
      try IndexDatabase.create(database, chain: chain)
      return IndexDatabase.Tip()
    }
  }

  /// Continues above a block of the chain without the blocks in between, which the node does not have. Existing rows
  /// remain. The open holds are unknown until `begin`.
  package func jump(to height: Height, digest: Digest) throws(QueryIndexError) {
    var next = tip.withLock { $0 }
    next.height = height
    next.digest = digest
    next.holdsFrom = nil
    try write { [next] database in
      try IndexDatabase.setHolds([], in: database)
      return next
    }
  }

  /// Follows the open holds from a height on, all or nothing. `holds` are those after its block.
  /// - Parameter blocks: the next blocks after a height that was indexed already, at least one.
  package func begin(
    with holds: [Hold], at height: Height, blocks: (Height) throws -> [IndexedBlock]
  ) throws(QueryIndexError) {
    var next = tip.withLock { $0 }
    next.holdsFrom = height
    try write { [next, volumeRows] database in
      var next = next
      try IndexDatabase.setHolds(holds, in: database)
      var (reached, rows) = (height, 0)
      while reached < next.height {
        let batch = try blocks(reached)
        rows += try IndexDatabase.followHolds(
          of: batch, IndexBatch(batch).heightsWithHolds, volume: next.volume.number, in: database)
        guard let last = batch.last?.block.height else {
          throw QueryIndexError.notNext(expected: Height(reached.rawValue + 1), offered: reached)
        }
        reached = last
      }
      next.volume.add(rows: rows, all: next.counts, least: volumeRows)
      return next
    }
  }

  /// The height after which the open holds are known, so that `returns` and `expiries` are complete above it; nil if they are
  /// known of no height yet.
  package var holdsFrom: Height? { tip.withLock { $0.holdsFrom } }

  /// Writes all that `body` writes, and the tip that it returns.
  private func write(_ body: (Database) throws -> IndexDatabase.Tip) throws(QueryIndexError) {
    let next: IndexDatabase.Tip
    do {
      next = try pool.write { database in
        let next = try body(database)
        try IndexDatabase.setTip(database, next)
        return next
      }
    } catch {
      throw note(QueryIndexError(error, path: path))
    }
    tip.withLock { $0 = next }
  }

  /// Damage is permanent: once any access has found it, nothing is added any more, and the next start replaces the
  /// file.
  private func note(_ error: QueryIndexError) -> QueryIndexError {
    guard case .damaged = error else { return error }
    damage.withLock { $0 = $0 ?? error }
    IndexFile(path: path).markDamaged()
    return error
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(QueryIndexError) -> Value {
    do {
      return try pool.read(body)
    } catch {
      throw note(QueryIndexError(error, path: path))
    }
  }

  /// The transaction with this id; nil if no indexed block contains it.
  package func transaction(_ id: Digest) throws(QueryIndexError) -> IndexedTransaction? {
    try read { try IndexDatabase.transaction($0, id) }
  }

  /// Transactions that name `account`, applied or not, newest first: at most `limit` of those before the place
  /// `before`.
  package func activity(
    of account: AccountName, before: IndexedPlace? = nil, limit: Int
  ) throws(QueryIndexError) -> [IndexedPlace] {
    try read {
      try IndexDatabase.activity($0, account, before: before, limit: max(0, min(limit, QueryIndex.pageLimit)))
    }
  }

  /// Transactions that name `account`, applied or not, oldest first: at most `limit` of those from the place `from` on, in
  /// blocks up to `last`.
  package func activity(
    of account: AccountName, from: IndexedPlace, through last: Height, limit: Int
  ) throws(QueryIndexError) -> [IndexedPlace] {
    try read {
      try IndexDatabase.activity(
        $0, account, from: from, through: last, limit: max(0, min(limit, QueryIndex.pageLimit)))
    }
  }

  /// What the operations of a transaction gave back to `account` from its holds, by the operation's index.
  package func returns(to account: AccountName, by place: IndexedPlace) throws(QueryIndexError) -> [Int: Amount] {
    try read { try IndexDatabase.returns($0, account, at: place) }
  }

  /// The expired holds that the chain returned to `account`, oldest first: at most `limit` of those after the one with
  /// `number` in the block `height`, in blocks up to `last`.
  package func expiries(
    of account: AccountName, after height: Height, _ number: Int, through last: Height, limit: Int
  ) throws(QueryIndexError) -> [IndexedExpiry] {
    try read {
      try IndexDatabase.expiries(
        $0, account, after: height, number, through: last, limit: max(0, min(limit, QueryIndex.pageLimit)))
    }
  }

  /// Versions of a record, newest first: at most `limit` of those before version `before`.
  package func recordVersions(
    _ collection: CollectionName, _ key: String, before: UInt64? = nil, limit: Int
  ) throws(QueryIndexError) -> [IndexedRecordVersion] {
    try read {
      try IndexDatabase.versions(
        $0, collection, key, before: before, limit: max(0, min(limit, QueryIndex.pageLimit)))
    }
  }
}

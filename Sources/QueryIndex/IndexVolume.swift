/// Where rows go: the tables are filled volume by volume, as registers on paper are, and only the last is written.
///
/// Ids and accounts come in no order. In one tree of all rows each new one would lie on a page of its own, to be read and
/// written whole, and dearer the longer the chain is. The pages of one volume stay in memory, and each takes many rows of
/// a batch. A look-up asks volume after volume, the newest first.
struct IndexVolume: Hashable {
  /// From 0.
  var number: Int64 = 0
  /// In it so far, of transactions and activities.
  var rows: UInt64 = 0

  /// Rows of a volume at least: about 6 MB of pages, of which a batch of a busy second writes most.
  static let leastRows: UInt64 = 1 << 17
  /// When there are more than this many, new ones become larger, so that look-ups stay quick.
  static let manyVolumes: UInt64 = 256

  /// Counts the rows of a batch, and goes on to a new volume behind them if this one is full. `all`: with them.
  mutating func add(rows added: Int, all: IndexCounts, least: UInt64) {
    rows += UInt64(added)
    guard rows >= max(least, (all.transactions + all.activities) / Self.manyVolumes) else { return }
    self = IndexVolume(number: number + 1)
  }
}

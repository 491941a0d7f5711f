/// The volume to which rows are added. The tables are filled volume by volume, like registers on paper, and only the
/// last volume is written.
///
/// Ids and accounts arrive in no particular order. In a single tree of all rows, each new row would be on a separate
/// page that must be read and written as a whole, at a cost that grows with the chain. The pages of one volume stay in
/// memory, and each takes many rows of a batch. A look-up searches volume after volume, the newest first.
struct IndexVolume: Hashable {
  /// The number of the volume, from 0.
  var number: Int64 = 0
  /// The number of transaction and activity rows in the volume so far.
  var rows: UInt64 = 0

  /// The least number of rows in a volume: about 6 MB of pages, most of which a batch of a busy second writes.
  static let leastRows: UInt64 = 1 << 17
  /// Above this number of volumes, new ones become larger, so that look-ups stay fast.
  static let manyVolumes: UInt64 = 256

  /// Adds the rows of a batch to the count, and continues with a new volume after them if this one is full. `all`: the
  /// counts of the whole index, including the batch.
  mutating func add(rows added: Int, all: IndexCounts, least: UInt64) {
    rows += UInt64(added)
    guard rows >= max(least, (all.transactions + all.activities) / Self.manyVolumes) else { return }
    self = IndexVolume(number: number + 1)
  }
}

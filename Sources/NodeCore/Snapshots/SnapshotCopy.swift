internal import Ledger
internal import Primitives
internal import Replica

/// Copies the state that a replica has pinned for a snapshot, part by part with pauses in between, so that no vote
/// waits for it.
struct SnapshotCopy {
  private var cursor = PinnedCursor()
  /// When the next part is due.
  private(set) var next: Tick
  private var longestPiece: UInt64 = 0

  init(at tick: Tick) { next = tick }

  /// Copies a part. Returns whether there is more to copy.
  /// - Parameter clock: used to measure how long the part took.
  mutating func copy(
    _ replica: inout Replica, _ pace: SnapshotPace, clock: () -> Tick, _ commands: inout [SnapshotCommand]
  ) -> Bool {
    let begun = clock()
    var batch = StateEntryBatch()
    let isMore = replica.copyPinned(&cursor, rows: pace.rows, into: &batch)
    let end = clock()
    longestPiece = max(longestPiece, end.microseconds(since: begun))
    next = end.advanced(byMicroseconds: pace.pause)
    commands.append(.batch(batch))
    if !isMore { commands.append(.copied(longestPiece: longestPiece)) }
    return isMore
  }
}

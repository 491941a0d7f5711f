/// How fast a pinned state is copied.
package struct SnapshotPace: Sendable {
  /// Rows that are copied at once.
  package var rows: Int
  /// Microseconds until the next piece.
  package var pause: UInt64

  /// 4096 rows take a millisecond or two: a snapshot takes a tenth of the replica's time at most.
  package init(rows: Int = 4096, pause: UInt64 = 10_000) {
    self.rows = rows
    self.pause = pause
  }
}

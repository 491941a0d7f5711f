/// How fast a pinned state is copied.
package struct SnapshotPace: Sendable {
  /// Rows that are copied in one go.
  package var rows: Int
  /// Microseconds until the next part.
  package var pause: UInt64

  /// 4,096 rows take a millisecond or two, so that a snapshot takes about a tenth of the replica's time.
  package init(rows: Int = 4096, pause: UInt64 = 10_000) {
    self.rows = rows
    self.pause = pause
  }
}

internal import Primitives

/// The heights at which a snapshot is due: every multiple of an interval, and each height at which the blocks since the
/// last one have a number of bytes. This depends on the chain alone, so nodes with the same interval make the same
/// snapshots, also after a restart.
package struct SnapshotSchedule: Equatable, Sendable {
  package static let never = SnapshotSchedule(interval: 0)

  private let interval: UInt64
  private let limit: Int
  /// The bytes of the blocks above the last height that was due.
  private var bytes = 0

  /// - Parameter interval: in blocks; 0 for never.
  package init(interval: UInt64, bytes: Int = Limits.snapshotBlockBytes) {
    self.interval = interval
    limit = bytes
  }

  /// Notes the next settled block, which has so many bytes. Returns whether a snapshot is due at its height.
  mutating func isDue(_ height: Height, bytes more: Int) -> Bool {
    guard interval > 0 else { return false }
    bytes += more
    guard height.rawValue.isMultiple(of: interval) || bytes >= limit else { return false }
    bytes = 0
    return true
  }

  /// Notes that the chain continues above a snapshot, which was due.
  mutating func jumped() { bytes = 0 }
}

internal import Primitives

/// How frames travel from one node to another. Times are in microseconds of the world.
package struct LinkQuality: Equatable, Sendable {
  package var minimumDelay: UInt64
  package var maximumDelay: UInt64
  /// Frames of a thousand that take up to twenty times as long.
  package var slow: Int
  /// Frames of a thousand that are lost, and that arrive twice.
  package var lost: Int
  package var doubled: Int
  /// Whether a frame may overtake another.
  package var isReordering: Bool

  package init(
    minimumDelay: UInt64, maximumDelay: UInt64, slow: Int = 0, lost: Int = 0, doubled: Int = 0,
    isReordering: Bool = false
  ) {
    self.minimumDelay = minimumDelay
    self.maximumDelay = maximumDelay
    self.slow = slow
    self.lost = lost
    self.doubled = doubled
    self.isReordering = isReordering
  }

  package static let local = LinkQuality(minimumDelay: 40, maximumDelay: 120)
  package static let wide = LinkQuality(minimumDelay: 10_000, maximumDelay: 60_000, slow: 5)
  package static let lossy = LinkQuality(
    minimumDelay: 500, maximumDelay: 20_000, slow: 30, lost: 50, doubled: 30, isReordering: true)
}

internal import Primitives

/// How frames travel from one node to another. Times are in microseconds.
///
/// The delay above the minimum has a heavy tail, as on real networks: half of the frames take less than 0.42 times
/// `spread`, one in a hundred takes nine times `spread`, and one in ten thousand a hundred times (a Lomax distribution
/// with exponent 2, truncated there). The mean is close to `spread`.
package struct LinkQuality: Equatable, Sendable {
  package var minimumDelay: UInt64
  package var spread: UInt64
  /// Frames per thousand that are lost, and that arrive twice.
  package var lost: Int
  package var doubled: Int
  /// Whether a frame may overtake another.
  package var isReordering: Bool

  package init(
    minimumDelay: UInt64, spread: UInt64, lost: Int = 0, doubled: Int = 0, isReordering: Bool = false
  ) {
    self.minimumDelay = minimumDelay
    self.spread = spread
    self.lost = lost
    self.doubled = doubled
    self.isReordering = isReordering
  }

  package static let local = LinkQuality(minimumDelay: 40, spread: 40)
  package static let building = LinkQuality(minimumDelay: 200, spread: 150)
  package static let wide = LinkQuality(minimumDelay: 15_000, spread: 12_000)
  package static let lossy = LinkQuality(
    minimumDelay: 2000, spread: 8000, lost: 50, doubled: 30, isReordering: true)

  /// How long one frame takes, in microseconds.
  func delay(using generator: inout SeededGenerator) -> UInt64 {
    guard spread > 0 else { return minimumDelay }
    // A square root is the same on every machine; a logarithm is not.
    let share = Double(UInt64.random(in: 1...10_000, using: &generator)) / 10_000
    return minimumDelay + UInt64(Double(spread) * (1 / share.squareRoot() - 1))
  }
}

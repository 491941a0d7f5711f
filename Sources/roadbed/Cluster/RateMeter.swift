import Foundation
import Primitives

/// Measures blocks per second over the last few seconds.
struct RateMeter {
  private var points: [(time: ContinuousClock.Instant, height: UInt64)] = []

  mutating func note(_ height: Height) {
    points.append((.now, height.rawValue))
    if points.count > 10 { points.removeFirst() }
  }

  var text: String {
    guard let first = points.first, let last = points.last, last.height >= first.height else { return "0.0" }
    let seconds = (last.time - first.time) / .seconds(1)
    return String(format: "%.1f", seconds > 0 ? Double(last.height - first.height) / seconds : 0)
  }
}

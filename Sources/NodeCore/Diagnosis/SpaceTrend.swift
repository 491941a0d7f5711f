internal import Primitives

/// How the free space of a file system changes, and how long it lasts.
struct SpaceTrend: Sendable {
  /// With at least this share of the space free, in percent, no trend is a warning.
  static let plenty: UInt64 = 20
  /// With less than this share free, in percent, any use is a warning.
  static let little: UInt64 = 5
  /// The time until it is full below which it is a warning, in seconds.
  static let horizon: UInt64 = 24 * 3600
  /// The pause between two points of the trend in microseconds, and their number: together half an hour.
  private static let pause: UInt64 = 60_000_000
  private static let points = 30

  private var history: [(at: Tick, free: UInt64)] = []

  mutating func note(_ free: UInt64, _ now: Tick) {
    if let last = history.last, now.microseconds(since: last.at) < Self.pause { return }
    history.append((now, free))
    if history.count > Self.points { history.removeFirst() }
  }

  /// The seconds until nothing is free if it goes on as in the last half hour; nil if it does not shrink, or is not known for
  /// five minutes yet.
  func secondsLeft(_ free: UInt64, _ now: Tick) -> UInt64? {
    guard let first = history.first, first.free > free else { return nil }
    let microseconds = now.microseconds(since: first.at)
    guard microseconds >= 5 * Self.pause else { return nil }
    let rate = Double(first.free - free) / Double(microseconds)
    let seconds = Double(free) / rate / 1_000_000
    return seconds < 1e15 ? UInt64(seconds) : nil
  }
}

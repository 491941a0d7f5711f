internal import Primitives

/// Something that does one piece of work after another: a thread or a line. Times are simulated nanoseconds, because
/// rounding each small piece of work up to microseconds would make it too expensive.
struct Server: Equatable {
  private(set) var freeAt: UInt64 = 0
  /// How long it has worked in total, in nanoseconds.
  private(set) var busy: UInt64 = 0

  /// Does work that is available from `time` on, after all earlier work. Returns when it is done.
  mutating func work(_ cost: UInt64, from time: UInt64) -> UInt64 {
    freeAt = max(time, freeAt) + cost
    busy += cost
    return freeAt
  }

  /// Does work that may have begun earlier and whose last part arrives at `time`, such as a frame on an incoming line.
  /// Returns when it is done.
  mutating func pass(_ cost: UInt64, ending time: UInt64) -> UInt64 {
    freeAt = max(time, freeAt + cost)
    busy += cost
    return freeAt
  }
}

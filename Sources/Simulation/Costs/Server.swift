internal import Primitives

/// Something that does one piece of work after another: a thread, or a line. Times are nanoseconds of the world, so that
/// much small work does not add up to more than it is.
struct Server: Equatable {
  private(set) var freeAt: UInt64 = 0
  /// How long it has worked in all.
  private(set) var busy: UInt64 = 0

  /// Begins when the work is there and what came before is done. Returns when it is done.
  mutating func work(_ cost: UInt64, from time: UInt64) -> UInt64 {
    freeAt = max(time, freeAt) + cost
    busy += cost
    return freeAt
  }

  /// Work whose last part is there at `time` and that may have begun before, as a frame on an incoming line.
  mutating func pass(_ cost: UInt64, ending time: UInt64) -> UInt64 {
    freeAt = max(time, freeAt + cost)
    busy += cost
    return freeAt
  }
}

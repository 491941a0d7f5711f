internal import Primitives

/// One direction of the connection between two nodes.
struct Link {
  /// Whether all frames are lost.
  var isCut = false
  /// Frames sent before this tick wait until then.
  var cloggedUntil = Tick(0)
  private var lastArrival = Tick(0)

  /// When a frame sent at `now` arrives: never, once or twice, as `quality` says.
  mutating func arrivals(
    of quality: LinkQuality, at now: Tick, using generator: inout SeededGenerator
  ) -> (first: Tick?, second: Tick?) {
    if isCut { return (nil, nil) }
    if quality.lost > 0, Int.random(in: 0..<1000, using: &generator) < quality.lost { return (nil, nil) }
    let first = arrival(of: quality, at: now, using: &generator)
    guard quality.doubled > 0, Int.random(in: 0..<1000, using: &generator) < quality.doubled else {
      return (first, nil)
    }
    return (first, arrival(of: quality, at: now, using: &generator))
  }

  private mutating func arrival(
    of quality: LinkQuality, at now: Tick, using generator: inout SeededGenerator
  ) -> Tick {
    var tick = max(now, cloggedUntil).advanced(byMicroseconds: quality.delay(using: &generator))
    if !quality.isReordering {
      tick = max(tick, lastArrival)
      lastArrival = tick
    }
    return tick
  }
}

package import Primitives

/// A node's clocks: a monotonic clock that starts anywhere and runs slightly too fast or too slow, and a wall clock
/// that is wrong.
package struct SimulatedClock {
  /// The wall time of tick 0, 2031-01-01, in milliseconds since 1970. Genesis is one minute older.
  package static let start: UInt64 = 1_924_992_000_000

  package var offset: UInt64
  /// Parts per million that the clock gains.
  package var gain: Int64
  /// Milliseconds by which the wall clock is ahead.
  package var wallLead: Int64

  package func now(_ tick: Tick) -> Now {
    let own = Tick(offset &+ scaled(tick.rawValue, 1_000_000 + gain, 1_000_000))
    let wall = Int64(Self.start + tick.rawValue / 1000) + wallLead
    return Now(tick: own, wall: Timestamp(UInt64(max(0, wall))))
  }

  /// The first tick of the simulation at which this monotonic clock has reached `own`.
  package func tick(of own: Tick) -> Tick {
    guard own.rawValue > offset else { return Tick(0) }
    return Tick(scaled(own.rawValue - offset, 1_000_000, 1_000_000 + gain) + 1)
  }

  private func scaled(_ value: UInt64, _ factor: Int64, _ divisor: Int64) -> UInt64 {
    UInt64(clamping: Int128(value) * Int128(factor) / Int128(divisor))
  }
}

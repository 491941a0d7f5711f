package import Primitives

/// A node's own idea of time: its monotonic clock starts anywhere and runs a little too fast or too slow, its wall
/// clock is off.
package struct SimulatedClock {
  /// 2031-01-01, so that world and genesis agree on when it is.
  package static let start: UInt64 = 1_924_992_000_000

  package var offset: UInt64
  /// Parts per million that the clock gains.
  package var gain: Int64
  /// Milliseconds that the wall clock is ahead.
  package var wallLead: Int64

  package func now(_ tick: Tick) -> Now {
    let own = Tick(offset &+ scaled(tick.rawValue, 1_000_000 + gain, 1_000_000))
    let wall = Int64(Self.start + tick.rawValue / 1000) + wallLead
    return Now(tick: own, wall: Timestamp(UInt64(max(0, wall))))
  }

  /// The first tick of the world at which this clock has reached `own`.
  package func tick(of own: Tick) -> Tick {
    guard own.rawValue > offset else { return Tick(0) }
    return Tick(scaled(own.rawValue - offset, 1_000_000, 1_000_000 + gain) + 1)
  }

  private func scaled(_ value: UInt64, _ factor: Int64, _ divisor: Int64) -> UInt64 {
    UInt64(clamping: Int128(value) * Int128(factor) / Int128(divisor))
  }
}

/// An allowance of bytes that grows with time, up to a bound.
package struct ByteBudget: Sendable {
  private let rate: UInt64
  private let burst: Int
  /// What is left; negative if more was used than there was.
  package private(set) var left: Int
  private var since: Tick

  /// - Parameter rate: bytes in a second, at least 1.
  /// - Parameter burst: the most that there can be.
  package init(rate: Int, burst: Int, left: Int, at now: Tick) {
    self.rate = UInt64(max(1, rate))
    self.burst = burst
    self.left = left
    since = now
  }

  /// Uses `bytes`, if there are as many.
  package mutating func take(_ bytes: Int, at now: Tick) -> Bool {
    grow(now)
    guard bytes <= left else { return false }
    left -= bytes
    return true
  }

  /// Uses `bytes`, even if there are fewer.
  package mutating func spend(_ bytes: Int, at now: Tick) {
    grow(now)
    left -= bytes
  }

  /// The microseconds from `now` until this much is left; 0 if it is.
  package mutating func time(until amount: Int, at now: Tick) -> UInt64 {
    grow(now)
    return amount > left ? UInt64(amount - left) * 1_000_000 / rate + 1 : 0
  }

  private mutating func grow(_ now: Tick) {
    let missing = UInt64(burst - left)
    guard missing > 0 else {
      since = max(since, now)
      return
    }
    // No longer than it takes to fill, so that the product cannot overflow.
    let microseconds = min(now.microseconds(since: since), missing * 1_000_000 / rate + 1)
    let bytes = microseconds * rate / 1_000_000
    left = min(burst, left + Int(bytes))
    // Whatever is less than a byte counts the next time.
    since = bytes < missing ? since.advanced(byMicroseconds: bytes * 1_000_000 / rate) : max(since, now)
  }
}

internal import Primitives

/// Determines the pause before the next dial. It doubles from the minimum to the maximum, and half of each pause is
/// random, so that nodes that lost each other at the same time do not all return at the same time.
struct Backoff {
  private let minimum: Int64
  private let maximum: Int64
  private var failures: Int64 = 0
  private var generator: SeededGenerator

  init(minimumMilliseconds: Int64, maximumMilliseconds: Int64, generator: SeededGenerator) {
    minimum = max(1, minimumMilliseconds)
    maximum = max(minimum, maximumMilliseconds)
    self.generator = generator
  }

  /// Milliseconds to wait after another failure.
  mutating func next() -> Int64 {
    // 32 doublings exceed every sensible maximum, and a shift of at most 32 cannot overflow.
    let doubled = minimum.multipliedReportingOverflow(by: 1 << min(failures, 32))
    let pause = doubled.overflow ? maximum : min(maximum, doubled.partialValue)
    failures += 1
    return pause / 2 + Int64.random(in: 0...(pause - pause / 2), using: &generator)
  }

  mutating func reset() { failures = 0 }
}

internal import Primitives

/// How long to wait before the next dial: doubling from the minimum to the maximum, and of each pause a
/// random half, so that nodes that lost each other at once do not all come back at once.
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

  /// Milliseconds to wait after one more failure.
  mutating func next() -> Int64 {
    // 32 doublings pass every maximum that makes sense, and shifting by no more cannot overflow.
    let doubled = minimum.multipliedReportingOverflow(by: 1 << min(failures, 32))
    let pause = doubled.overflow ? maximum : min(maximum, doubled.partialValue)
    failures += 1
    return pause / 2 + Int64.random(in: 0...(pause - pause / 2), using: &generator)
  }

  mutating func reset() { failures = 0 }
}

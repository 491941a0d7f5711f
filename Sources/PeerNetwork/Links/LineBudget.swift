internal import NIOCore

/// How many lines about one source of faults go into the log: a few in each stretch of time.
struct LineBudget {
  static let lines = 10
  static let window = TimeAmount.seconds(10)

  private var windowEnd = NIODeadline.uptimeNanoseconds(0)
  private var used = 0
  private var suppressed = 0

  /// - Returns: for a line that may be logged, how many were left out before it; nil for one that is left out.
  mutating func admit(at now: NIODeadline) -> Int? {
    if now >= windowEnd {
      windowEnd = now + Self.window
      used = 0
    }
    guard used < Self.lines else {
      suppressed += 1
      return nil
    }
    used += 1
    defer { suppressed = 0 }
    return suppressed
  }
}

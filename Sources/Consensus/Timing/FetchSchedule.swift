import Primitives

/// Which certificates were requested last, and when to request them again.
struct FetchSchedule: Sendable {
  private var first = View.genesis
  private var last = View.genesis
  private var askedAt: Tick?
  private(set) var deadline: Tick?

  /// The request to send now for the missing certificates, if one is due (R22). A new request is sent immediately and
  /// repeated after each `interval`, in microseconds, to any validator.
  mutating func request(_ missing: FetchRequest?, every interval: UInt64, now: Tick) -> FetchRequest? {
    guard var missing else {
      askedAt = nil
      deadline = nil
      return nil
    }
    let same = askedAt != nil && missing.first == first && missing.last == last
    if same, let deadline, now < deadline { return nil }
    first = missing.first
    last = missing.last
    askedAt = now
    deadline = now.advanced(byMicroseconds: interval)
    if same { missing.ask = nil }
    return missing
  }
}

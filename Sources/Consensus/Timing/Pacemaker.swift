import Primitives

/// The deadlines of the current view, and that of sending again. Those of a view end with it (R14).
struct Pacemaker: Sendable {
  /// Set while the view's timers run.
  private(set) var armedAt: Tick?
  /// When half of the wait for the proposal is over; a leader without transactions then proposes (R17).
  private(set) var half: Tick?
  private(set) var proposal: Tick?
  private(set) var certification: Tick?
  /// When a leader to whom there is no link is waited for no longer.
  private(set) var absence: Tick?
  private(set) var halfSpent = false
  /// When own votes without an outcome are sent again.
  private(set) var resend: Tick?

  var isArmed: Bool { armedAt != nil }

  /// The earliest deadline, nil if none is armed.
  var next: Tick? {
    var earliest: Tick?
    for deadline in [half, proposal, certification, absence, resend] {
      if let deadline, earliest.map({ deadline < $0 }) ?? true { earliest = deadline }
    }
    return earliest
  }

  /// Starts the view's timers (R13).
  mutating func arm(delta: UInt64, leading: Bool, now: Tick) {
    armedAt = now
    halfSpent = false
    half = leading ? now.advanced(byMicroseconds: delta) : nil
    proposal = now.advanced(byMicroseconds: Self.times(2, delta))
    certification = now.advanced(byMicroseconds: Self.times(3, delta))
  }

  /// The view was left, or there is no work: none of its timers may act.
  mutating func disarm() {
    armedAt = nil
    halfSpent = false
    stop()
  }

  /// The view was given up: its timers have done their part.
  mutating func stop() {
    half = nil
    proposal = nil
    certification = nil
    absence = nil
  }

  mutating func proposalSeen() { proposal = nil }
  mutating func leaderAbsent(until tick: Tick?) { absence = tick }
  mutating func proposed() { half = nil }

  mutating func spendHalf(now: Tick) {
    guard let half, half <= now else { return }
    self.half = nil
    halfSpent = true
  }

  /// Whether a deadline has passed, and which.
  func expired(now: Tick) -> TimeoutReason? {
    if let proposal, proposal <= now { return .noProposal }
    if let absence, absence <= now { return .leaderAbsent }
    if let certification, certification <= now { return .notCertified }
    return nil
  }

  mutating func resend(at tick: Tick?) { resend = tick }

  /// Δ after `views` views without a finalization: half as much again for each, up to the cap. A healthy
  /// pipeline has two views open, which do not count (R13).
  static func delta(base: UInt64, cap: UInt64, views: UInt64) -> UInt64 {
    var delta = base
    var left = views > 2 ? views - 2 : 0
    while left > 0 && delta < cap {
      let (sum, overflow) = delta.addingReportingOverflow(max(1, delta / 2))
      delta = overflow ? cap : sum
      left -= 1
    }
    return min(delta, cap)
  }

  private static func times(_ count: UInt64, _ delta: UInt64) -> UInt64 {
    let (product, overflow) = count.multipliedReportingOverflow(by: delta)
    return overflow ? .max : product
  }

  func checkInvariants() {
    precondition(
      isArmed || (half == nil && proposal == nil && certification == nil && absence == nil && !halfSpent),
      "a deadline runs without work")
  }
}

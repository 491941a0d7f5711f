import Primitives

/// The deadlines of the current view, which end with it (R14), and the time at which votes are sent again.
struct Pacemaker: Sendable {
  /// The tick at which the view's timers started; nil while they do not run.
  private(set) var armedAt: Tick?
  /// The end of the first half of the wait for the proposal, when a leader without transactions may propose (R17).
  private(set) var half: Tick?
  private(set) var proposal: Tick?
  private(set) var certification: Tick?
  /// The tick at which the node stops waiting for a leader to which it has no link.
  private(set) var absence: Tick?
  private(set) var halfSpent = false
  /// The end of the wait for the leader's copy of a proposal that others voted for (R7).
  private(set) var support: Tick?
  private(set) var supportSpent = false
  /// The tick at which undecided own votes are sent again.
  private(set) var resend: Tick?

  var isArmed: Bool { armedAt != nil }

  /// The microseconds since the view's timers started; nil while they do not run.
  func waited(_ now: Tick) -> UInt64? { armedAt.map { now.microseconds(since: $0) } }

  /// The earliest deadline; nil if none is armed.
  var next: Tick? {
    var earliest: Tick?
    for deadline in [half, proposal, certification, absence, support, resend] {
      if let deadline, earliest.map({ deadline < $0 }) ?? true { earliest = deadline }
    }
    return earliest
  }

  /// Starts the view's timers (R13). A `short` wait takes the place of both others (R15).
  mutating func arm(delta: UInt64, leading: Bool, short: UInt64? = nil, now: Tick) {
    armedAt = now
    halfSpent = false
    supportSpent = false
    half = leading ? now.advanced(byMicroseconds: delta) : nil
    proposal = now.advanced(byMicroseconds: short ?? Self.times(2, delta))
    certification = now.advanced(byMicroseconds: short ?? Self.times(3, delta))
  }

  /// Stops all timers of the view, because it was left or there is no work.
  mutating func disarm() {
    armedAt = nil
    halfSpent = false
    supportSpent = false
    stop()
  }

  /// Stops the deadlines of a view that was given up: they have done their part.
  mutating func stop() {
    half = nil
    proposal = nil
    certification = nil
    absence = nil
    support = nil
  }

  mutating func proposalSeen() { proposal = nil }

  /// Notes whether others voted for a proposal that the leader has not sent here; `tick` ends the wait for it.
  mutating func supported(until tick: Tick?) {
    if !supportSpent { support = tick.map { support ?? $0 } }
  }

  mutating func leaderAbsent(until tick: Tick?) { absence = tick }
  mutating func proposed() { half = nil }

  mutating func spendHalf(now: Tick) {
    guard let half, half <= now else { return }
    self.half = nil
    halfSpent = true
  }

  mutating func spendSupport(now: Tick) {
    guard let support, support <= now else { return }
    self.support = nil
    supportSpent = true
  }

  /// The reason to give the view up if a deadline has passed.
  func expired(now: Tick) -> TimeoutReason? {
    if let proposal, proposal <= now { return .noProposal }
    if let absence, absence <= now { return .leaderAbsent }
    if let certification, certification <= now { return .notCertified }
    return nil
  }

  mutating func resend(at tick: Tick?) { resend = tick }

  /// Δ in microseconds after `views` views without a finalization. It grows by half with each view, up to the cap.
  /// The first two do not count, because a healthy pipeline has two views open (R13).
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
      isArmed
        || (half == nil && proposal == nil && certification == nil && absence == nil && support == nil && !halfSpent
          && !supportSpent),
      "a deadline is set although there is no work")
  }
}

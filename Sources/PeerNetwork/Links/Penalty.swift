internal import NIOCore

/// How long there is no link with a peer that misbehaved, on whichever side of the link. Each time the pause doubles, so
/// that what a hostile peer can cost between two pauses matters less and less. A peer that behaves for long enough starts
/// again from the shortest pause.
struct Penalty {
  private let minimum: Int64
  private let maximum: Int64
  private let forgiveness: TimeAmount
  private var offences: Int64 = 0
  private var until = NIODeadline.uptimeNanoseconds(0)

  init(_ limits: PeerNetworkLimits) {
    minimum = max(0, limits.misbehaviourMinimumMilliseconds)
    maximum = max(minimum, limits.misbehaviourMaximumMilliseconds)
    forgiveness = .milliseconds(limits.forgivenessMilliseconds)
  }

  /// Begins a pause. During a pause it changes nothing, because the peer may have sent much before its link was closed.
  mutating func punish(at now: NIODeadline) {
    guard now >= until else { return }
    if now - until >= forgiveness { offences = 0 }
    // 32 doublings exceed every sensible maximum, and a shift of at most 32 cannot overflow.
    let doubled = minimum.multipliedReportingOverflow(by: 1 << min(offences, 32))
    offences += 1
    until = now + .milliseconds(doubled.overflow ? maximum : min(maximum, doubled.partialValue))
  }

  /// The rest of the pause in milliseconds, at least 1; nil if there is none.
  func pause(at now: NIODeadline) -> Int64? {
    guard now < until else { return nil }
    return max(1, (until - now).nanoseconds / 1_000_000)
  }
}

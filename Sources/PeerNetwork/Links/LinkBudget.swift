internal import NIOCore

/// How many links that a peer dials are taken: a few at once, and then one in each interval. A link costs this node more
/// than the peer, because each side proves its key, and its replica hears of each.
///
/// An honest peer stays within it, even if it restarts twice a minute and loses every link at once: its pauses between two
/// dials grow to between 2.5 and 5 s, which is more than the interval. One that restarts more often than that waits one
/// interval at most.
struct LinkBudget {
  private let interval: TimeAmount
  private let burst: Int64
  /// When all links that were taken count no more.
  private var paid = NIODeadline.uptimeNanoseconds(0)

  init(_ limits: PeerNetworkLimits) {
    interval = .milliseconds(max(0, limits.linkIntervalMilliseconds))
    burst = max(1, limits.linkBurst)
  }

  /// Takes a link, unless it comes too early.
  mutating func take(at now: NIODeadline) -> Bool {
    guard pause(at: now) == nil else { return false }
    paid = max(paid, now) + interval
    return true
  }

  /// The milliseconds until the next link is taken, at least 1; nil if it is taken now.
  func pause(at now: NIODeadline) -> Int64? {
    guard paid > now else { return nil }
    let excess = (paid - now).nanoseconds - interval.nanoseconds * (burst - 1)
    return excess > 0 ? max(1, excess / 1_000_000) : nil
  }
}

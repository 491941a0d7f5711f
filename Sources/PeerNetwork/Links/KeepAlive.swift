/// Distinguishes a quiet link from a dead one. Time is counted in ticks: a side that has written nothing since the last
/// tick sends a sign of life, and a side that has heard nothing for too many ticks gives up the link.
struct KeepAlive {
  enum Action: Equatable {
    case wait
    /// Write a keep-alive frame.
    case speak
    case end(LinkFault)
  }

  let tickMilliseconds: Int64
  private let silenceMilliseconds: Int64
  private var wroteSinceTick = false
  private var heardSinceTick = false
  private var silentTicks: Int64 = 0

  init(_ limits: PeerNetworkLimits) {
    tickMilliseconds = limits.keepAliveMilliseconds
    silenceMilliseconds = limits.silenceMilliseconds
  }

  mutating func heard() { heardSinceTick = true }
  mutating func wrote() { wroteSinceTick = true }

  /// Handles a tick. `isReadHeld`: this side is not reading and so cannot tell whether the other one is sending.
  /// `canSpeak`: one of the link's own frames may be written next.
  mutating func tick(isReadHeld: Bool, canSpeak: Bool) -> Action {
    silentTicks = heardSinceTick || isReadHeld ? 0 : silentTicks + 1
    heardSinceTick = false
    let silence = silentTicks * tickMilliseconds
    guard silence < silenceMilliseconds else { return .end(.silent(milliseconds: silence)) }
    defer { wroteSinceTick = false }
    return !wroteSinceTick && canSpeak ? .speak : .wait
  }
}

/// Tells a quiet link from a dead one. Time comes in ticks: a side that wrote nothing since the last one says that it is
/// alive, and a side that heard nothing for too many of them gives the link up.
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

  /// `isReadHeld`: this side does not read, and so cannot tell whether the other one speaks. `canSpeak`: a frame of the
  /// link's own may go next.
  mutating func tick(isReadHeld: Bool, canSpeak: Bool) -> Action {
    silentTicks = heardSinceTick || isReadHeld ? 0 : silentTicks + 1
    heardSinceTick = false
    let silence = silentTicks * tickMilliseconds
    guard silence < silenceMilliseconds else { return .end(.silent(milliseconds: silence)) }
    defer { wroteSinceTick = false }
    return !wroteSinceTick && canSpeak ? .speak : .wait
  }
}

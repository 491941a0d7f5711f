internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Keep-alive")
struct KeepAliveTests {
  /// Ticks every 50 ms; silence ends a link after three ticks.
  private static func keepAlive() -> KeepAlive {
    var limits = PeerNetworkLimits()
    limits.keepAliveMilliseconds = 50
    limits.silenceMilliseconds = 150
    return KeepAlive(limits)
  }

  @Test("A side that wrote nothing since the last tick sends a keep-alive; one that wrote does not")
  func speaks() {
    var keepAlive = Self.keepAlive()
    keepAlive.heard()
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: true) }() == .speak)
    keepAlive.heard()
    keepAlive.wrote()
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: true) }() == .wait)
    keepAlive.heard()
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: true) }() == .speak)
  }

  @Test("No keep-alive is sent in the middle of a frame, or while bytes are in flight")
  func waitsItsTurn() {
    var keepAlive = Self.keepAlive()
    keepAlive.heard()
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: false) }() == .wait)
  }

  @Test("N2: a link that received nothing for the time allowed ends, and reports how long it was")
  func silence() {
    var keepAlive = Self.keepAlive()
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: false) }() == .wait)
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: false) }() == .wait)
    #expect({ keepAlive.tick(isReadHeld: false, canSpeak: true) }() == .end(.silent(milliseconds: 150)))
  }

  @Test("Anything received restarts the silence timer, and so does a time in which this side did not read")
  func startsAnew() {
    for isReadHeld in [false, true] {
      var keepAlive = Self.keepAlive()
      _ = keepAlive.tick(isReadHeld: false, canSpeak: false)
      _ = keepAlive.tick(isReadHeld: false, canSpeak: false)
      if !isReadHeld { keepAlive.heard() }
      #expect({ keepAlive.tick(isReadHeld: isReadHeld, canSpeak: false) }() == .wait)
      #expect({ keepAlive.tick(isReadHeld: false, canSpeak: false) }() == .wait)
      #expect({ keepAlive.tick(isReadHeld: false, canSpeak: false) }() == .wait)
      #expect({ keepAlive.tick(isReadHeld: false, canSpeak: false) }() == .end(.silent(milliseconds: 150)))
    }
  }
}

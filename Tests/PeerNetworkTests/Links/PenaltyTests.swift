internal import NIOCore
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("The pause after misbehaviour")
struct PenaltyTests {
  private static func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

  @Test("H8: the pause doubles each time up to the maximum, and what arrives during a pause does not lengthen it")
  func doubles() {
    var penalty = Penalty(PeerNetworkLimits())
    var now: Int64 = 1_000_000
    var pauses: [Int64] = []
    for _ in 0..<9 {
      #expect(penalty.pause(at: Self.at(now)) == nil)
      penalty.punish(at: Self.at(now))
      penalty.punish(at: Self.at(now + 1))
      let pause = penalty.pause(at: Self.at(now)) ?? 0
      pauses.append(pause)
      now += pause
    }
    #expect(pauses == [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  }

  @Test("A peer that behaves for ten minutes starts again from the shortest pause")
  func forgives() {
    var penalty = Penalty(PeerNetworkLimits())
    penalty.punish(at: Self.at(1_000_000))
    penalty.punish(at: Self.at(1_001_000))
    #expect(penalty.pause(at: Self.at(1_001_000)) == 2000)
    penalty.punish(at: Self.at(1_003_000 + 599_999))
    #expect(penalty.pause(at: Self.at(1_003_000 + 599_999)) == 4000)
    penalty.punish(at: Self.at(1_003_000 + 604_000 + 600_000))
    #expect(penalty.pause(at: Self.at(1_003_000 + 604_000 + 600_000)) == 1000)
  }
}

internal import NIOCore
internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("How many links of a peer are taken")
struct LinkBudgetTests {
  private static func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

  @Test("H14: of links without end a few are taken at once, then one in each interval")
  func churn() {
    let limits = PeerNetworkLimits()
    var budget = LinkBudget(limits)
    var taken = 0
    // A new link every 10 ms for 100 s.
    for step in Int64(0)..<10_000 where budget.take(at: Self.at(1_000_000 + 10 * step)) { taken += 1 }
    #expect(taken == Int(limits.linkBurst + 99_990 / limits.linkIntervalMilliseconds))
    let pause = budget.pause(at: Self.at(1_100_000)) ?? 0
    #expect(pause <= limits.linkIntervalMilliseconds)
  }

  @Test("A peer that dials as `Backoff` says, and loses every link at once, is never refused, nor one that restarts")
  func honest() {
    let limits = PeerNetworkLimits()
    for seed in UInt64(1)...20 {
      var budget = LinkBudget(limits)
      var now: Int64 = 1_000_000
      // The process restarts twice in a minute, and its links last no time.
      for start in UInt64(0)..<10 {
        var backoff = Backoff(
          minimumMilliseconds: limits.backoffMinimumMilliseconds,
          maximumMilliseconds: limits.backoffMaximumMilliseconds,
          generator: SeededGenerator(seed: 100 * seed + start))
        let restart = now + 30_000
        while now < restart {
          let isTaken = budget.take(at: Self.at(now))
          #expect(isTaken)
          now += backoff.next()
        }
      }
    }
  }

  @Test("After a minute of silence as many links as at first are taken at once")
  func recovers() {
    let limits = PeerNetworkLimits()
    var budget = LinkBudget(limits)
    for start in [Int64(1_000_000), 1_060_000] {
      var taken: Int64 = 0
      while budget.take(at: Self.at(start)) { taken += 1 }
      #expect(taken == limits.linkBurst)
    }
  }
}

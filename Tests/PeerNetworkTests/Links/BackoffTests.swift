internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Backoff")
struct BackoffTests {
  @Test("Pauses double up to the cap, are shortened randomly by up to half, and start again after a reset")
  func pauses() {
    var backoff = Backoff(
      minimumMilliseconds: 100, maximumMilliseconds: 1_000, generator: SeededGenerator(seed: 1))
    for full: Int64 in [100, 200, 400, 800, 1_000, 1_000] {
      let pause = backoff.next()
      #expect((full / 2...full).contains(pause))
    }
    backoff.reset()
    let pause = backoff.next()
    #expect((50...100).contains(pause))
  }

  @Test("No minimum or maximum makes it overflow")
  func extremes() {
    var backoff = Backoff(
      minimumMilliseconds: .max, maximumMilliseconds: .max, generator: SeededGenerator(seed: 1))
    for _ in 0..<100 {
      let pause = backoff.next()
      #expect(pause > 0)
    }
    backoff = Backoff(minimumMilliseconds: -5, maximumMilliseconds: -7, generator: SeededGenerator(seed: 1))
    for _ in 0..<100 {
      let pause = backoff.next()
      #expect((0...1).contains(pause))
    }
  }
}

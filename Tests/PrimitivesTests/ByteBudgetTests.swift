import Primitives
import Testing

@Testing.Suite("An allowance of bytes")
struct ByteBudgetTests {
  @Test("It grows by its rate, no further than its bound")
  func grows() {
    var budget = ByteBudget(rate: 1000, burst: 5000, left: 100, at: Tick(0))
    let attempts: [(bytes: Int, tick: UInt64, isTaken: Bool)] = [
      (101, 0, false), (100, 0, true), (2000, 2_000_000, true), (1, 2_000_000, false), (5001, .max, false),
      (5000, .max, true),
    ]
    for attempt in attempts {
      let isTaken = budget.take(attempt.bytes, at: Tick(attempt.tick))
      #expect(isTaken == attempt.isTaken)
    }
  }

  @Test("A clock that stands or goes back gives nothing")
  func standing() {
    var budget = ByteBudget(rate: 1000, burst: 5000, left: 0, at: Tick(1_000_000))
    for (tick, isExpected) in [(UInt64(1_000_999), false), (1_001_000, true), (1_001_000, false), (500_000, false)] {
      let isTaken = budget.take(1, at: Tick(tick))
      #expect(isTaken == isExpected)
    }
  }
}

import Consensus
import Primitives
import Testing

@Testing.Suite("An idle chain")
struct IdleTests {
  static let tenMinutes: UInt64 = 600_000_000

  @Test("C18: a transaction that disappears leaves no timer running")
  func workEnds() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    #expect(harness.machine.nextDeadline != nil)
    #expect(harness.feed(.work(false)) == [])
    #expect(harness.machine.nextDeadline == nil)
    #expect(harness.wait(Self.tenMinutes) == [])
  }

  @Test("Votes of f + 1 others are work, those of f are not")
  func othersWork() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 2)))
    #expect(harness.machine.nextDeadline == nil)
    harness.feed(.vote(vote(notarize(1, on: 0), 3)))
    #expect(harness.machine.nextDeadline == Tick(ConsensusHarness.delta / 4))
  }

  @Test("A given-up view without work rests, and resumes with the next work")
  func restAndResume() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    harness.wait(2 * ConsensusHarness.delta)
    let own = vote(nullify(1), 0)
    harness.feed(.vote(own))
    harness.feed(.work(false))
    #expect(harness.machine.nextDeadline == nil)
    harness.feed(.work(true))
    #expect(harness.wait(ConsensusHarness.retry) == [.resend(own)])
  }
}

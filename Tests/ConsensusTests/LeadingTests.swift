import Consensus
import Primitives
import Testing

@Testing.Suite("Leading a view")
struct LeadingTests {
  /// Number 0 in its own view 4, after three views that were given up.
  private func leading() -> ConsensusHarness {
    var harness = ConsensusHarness()
    for view in UInt64(1)...3 { harness.feed(.certificate(harness.others(nullify(view)))) }
    return harness
  }

  @Test("C5: the leader's own block is checked like any other before its own vote, which is the proposal")
  func story() {
    var harness = leading()
    let genesis = harness.machine.lastFinalized
    #expect(harness.feed(.work(true)) == [.build(Round(4), parent: genesis, empty: false)])
    #expect(harness.feed(.work(true)) == [])
    let own = proposal(4, on: 0)
    #expect(harness.feed(.built(Round(4), block: block(4))) == [.check(own, parent: genesis)])
    #expect(harness.feed(.checked(own, valid: true)) == [.vote(notarize(4, on: 0))])
  }

  @Test("C5: an own block that fails its check, or cannot be built, is given up immediately")
  func failure() {
    var harness = leading()
    harness.feed(.work(true))
    harness.feed(.built(Round(4), block: block(4)))
    let givenUp =
      [.gaveUp(View(4), .buildFailed)] + brought(harness.others(nullify(3)), to: [1, 2, 3]) + [.vote(nullify(4))]
    #expect(harness.feed(.checked(proposal(4, on: 0), valid: false)) == givenUp)
    var other = leading()
    other.feed(.work(true))
    #expect(other.feed(.built(Round(4), block: nil)) == givenUp)
  }

  @Test("It builds on the highest usable view, across those that were given up")
  func parent() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    for view in UInt64(2)...3 { harness.feed(.certificate(harness.others(nullify(view)))) }
    #expect(
      harness.feed(.work(true)).contains(
        .build(Round(4), parent: BlockReference(view: View(1), block: block(1)), empty: false)))
  }

  @Test("If a nullification in between is missing, it requests it, waits, and builds when it arrives")
  func notYet() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(nullify(3))))
    #expect(harness.feed(.work(true)) == [.fetch(FetchRequest(epoch: .first, first: View(1), last: View(2), ask: nil))])
    harness.feed(.certificate(harness.others(nullify(1))))
    let effects = harness.feed(.certificate(harness.others(nullify(2))))
    #expect(effects.contains(.build(Round(4), parent: harness.machine.lastFinalized, empty: false)))
  }

  @Test("A late notarization is executed although its nullification came first, and the leader builds on it")
  func lateNotarization() {
    var harness = ConsensusHarness()
    for view in UInt64(1)...3 { harness.feed(.certificate(harness.others(nullify(view)))) }
    let effects = harness.feed(.certificate(harness.others(notarize(3, on: 0))))
    #expect(effects.contains(.certify(proposal(3, on: 0), parent: harness.machine.lastFinalized)))
    // No finalize: its nullification shows that it can never be final.
    #expect(harness.feed(.certified(proposal(3, on: 0), result: result(3))).votes == [])
    #expect(
      harness.feed(.work(true)) == [
        .build(Round(4), parent: BlockReference(view: View(3), block: block(3)), empty: false)
      ])
  }

  @Test("C18: with nothing waiting, it completes an unfinished block with an empty one, after half of the wait")
  func empty() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(3, on: 0))))
    harness.feed(.certificate(harness.others(nullify(2))))
    harness.feed(.certified(proposal(3, on: 0), result: result(3)))
    #expect(harness.machine.view == View(4))
    // Four views without finality: Δ has grown twice, by half.
    let grown = ConsensusHarness.delta * 3 / 2 * 3 / 2
    #expect(harness.machine.nextDeadline == Tick(grown))
    #expect(harness.wait(grown - 1) == [])
    #expect(
      harness.wait(1) == [.build(Round(4), parent: BlockReference(view: View(3), block: block(3)), empty: true)])
  }

  @Test("C18: with no unfinished block and nothing waiting, it never builds a block")
  func idle() {
    var harness = leading()
    #expect(harness.machine.nextDeadline == nil)
    #expect(harness.wait(600_000_000) == [])
    #expect(harness.machine.nextDeadline == nil)
  }

  @Test("If the transactions turn out to be gone, it is asked again with the next ones, and may become idle")
  func declined() {
    var harness = leading()
    harness.feed(.work(true))
    #expect(harness.feed(.declined(Round(4))) == [])
    harness.feed(.work(false))
    #expect(harness.machine.nextDeadline == nil)
    #expect(
      harness.feed(.work(true)) == [.build(Round(4), parent: harness.machine.lastFinalized, empty: false)])
  }

  @Test("A block that arrives after the view was given up is not proposed")
  func tooLate() {
    var harness = leading()
    harness.feed(.work(true))
    var votes: [Statement] = []
    for _ in 0..<6 { votes += harness.wait(ConsensusHarness.delta).votes }
    #expect(votes == [nullify(4)])
    #expect(harness.feed(.built(Round(4), block: block(4))) == [])
    #expect(harness.feed(.checked(proposal(4, on: 0), valid: true)) == [])
  }

  @Test("One validator alone makes blocks and finality with its own durable votes")
  func alone() {
    var harness = ConsensusHarness(validators: 1)
    #expect(harness.feed(.work(true)) == [.build(Round(1), parent: harness.machine.lastFinalized, empty: false)])
    harness.feed(.built(Round(1), block: block(1)))
    #expect(harness.feed(.checked(proposal(1, on: 0), valid: true)) == [.vote(notarize(1, on: 0))])
    let notarization = harness.certificate(notarize(1, on: 0))
    #expect(
      harness.feed(.vote(vote(notarize(1, on: 0), 0)))
        == [
          .append(notarization), .broadcast(notarization),
          .certify(proposal(1, on: 0), parent: harness.machine.lastFinalized),
        ])
    harness.feed(.work(false))
    #expect(
      harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [.vote(finalize(1, on: 0)), .enter(View(2))])
    harness.feed(.vote(vote(finalize(1, on: 0), 0)))
    #expect(harness.machine.lastFinalized.view == View(1))
    #expect(harness.machine.nextDeadline == nil)
  }
}

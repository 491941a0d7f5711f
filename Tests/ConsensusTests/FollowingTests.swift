import Consensus
import Primitives
import Testing

@Testing.Suite("Following a leader")
struct FollowingTests {
  @Test("The story of a block: proposal, check, notarize, certificate, execution, finalize, finality")
  func story() {
    var harness = ConsensusHarness()
    let proposed = proposal(1, on: 0)
    let genesis = BlockReference(view: .genesis, block: ConsensusHarness.genesis)
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 1))) == [.check(proposed, parent: genesis)])
    #expect(harness.feed(.checked(proposed, valid: true)) == [.vote(notarize(1, on: 0))])
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 2))) == [])

    // The own vote counts only when it is durable.
    let notarization = harness.certificate(notarize(1, on: 0))
    #expect(
      harness.feed(.vote(vote(notarize(1, on: 0), 0)))
        == [.append(notarization), .certify(proposed, parent: genesis)])
    #expect(harness.machine.view == View(1))
    #expect(
      harness.feed(.certified(proposed, result: result(1))) == [.vote(finalize(1, on: 0)), .enter(View(2))])

    #expect(harness.feed(all: [0, 2].map { .vote(vote(finalize(1, on: 0), $0)) }) == [])
    let finalization = harness.certificate(finalize(1, on: 0), without: [1])
    #expect(
      harness.feed(.vote(vote(finalize(1, on: 0), 3)))
        == [.append(finalization), .finalized(finalization)])
    #expect(harness.machine.lastFinalized == BlockReference(view: View(1), block: block(1)))
    #expect(harness.machine.view == View(2))
    // Nothing is left to do.
    #expect(harness.machine.nextDeadline == nil)
  }

  @Test("Votes with different results do not finalize")
  func differentResults() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    let votes = [0, 1].map { ConsensusInput.vote(vote(finalize(1, on: 0), $0)) }
    harness.feed(all: votes + [.vote(vote(finalize(1, on: 0, result: 7), 2))])
    #expect(harness.machine.lastFinalized.view == .genesis)
    harness.feed(.vote(vote(finalize(1, on: 0), 3)))
    #expect(harness.machine.lastFinalized.view == View(1))
  }

  @Test("Only the leader's vote is a proposal")
  func leaderOnly() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 2))) == [])
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 3))) == [])
  }

  @Test("A proposal of the next view waits until that view is entered")
  func ahead() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.vote(vote(notarize(2, on: 0), 2))) == [])
    let nullification = harness.others(nullify(1))
    let genesis = BlockReference(view: .genesis, block: ConsensusHarness.genesis)
    #expect(
      harness.feed(.certificate(nullification))
        == [
          .append(nullification), .enter(View(2)), .check(proposal(2, on: 0), parent: genesis),
        ])
  }

  @Test("A missing nullification between parent and proposal is requested, and the proposal is not rejected")
  func missingNullification() {
    var harness = ConsensusHarness()
    // It jumps to view 3 and knows nothing of view 1.
    harness.feed(.certificate(harness.others(nullify(2))))
    let effects = harness.feed(.vote(vote(notarize(3, on: 0), 3)))
    #expect(effects == [.fetch(FetchRequest(epoch: .first, first: View(1), last: View(1), ask: ValidatorIndex(3)))])
    let arrived = harness.feed(.certificate(harness.others(nullify(1))))
    #expect(arrived.contains(.check(proposal(3, on: 0), parent: harness.machine.lastFinalized)))
  }

  @Test("A missing parent is requested and executed, and then the proposal is checked")
  func missingParent() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(nullify(2))))
    let effects = harness.feed(.vote(vote(notarize(3, on: 1), 3)))
    #expect(effects.fetches == [FetchRequest(epoch: .first, first: View(1), last: View(1), ask: ValidatorIndex(3))])
    // The answer is lost; anybody may answer the next try.
    #expect(
      harness.wait(ConsensusHarness.retry).fetches == [
        FetchRequest(epoch: .first, first: View(1), last: View(1), ask: nil)
      ])
    let arrived = harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    #expect(arrived.contains(.certify(proposal(1, on: 0), parent: harness.machine.lastFinalized)))
    let certified = harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    #expect(certified.contains(.check(proposal(3, on: 1), parent: BlockReference(view: View(1), block: block(1)))))
    #expect(harness.feed(.checked(proposal(3, on: 1), valid: true)).votes == [notarize(3, on: 1)])
  }

  @Test("A parent below the last final block is invalid, and the view is given up immediately")
  func oldParent() {
    var harness = ConsensusHarness()
    let finalization = harness.others(finalize(2, on: 1))
    harness.feed(.certificate(finalization))
    let effects = harness.feed(.vote(vote(notarize(3, on: 1), 3)))
    #expect(
      effects == [.gaveUp(View(3), .invalidProposal)] + brought(finalization, to: [1, 2]) + [.vote(nullify(3))])
  }

  @Test("An invalid block is given up immediately; missing data is not an answer and changes nothing")
  func invalidBlock() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 1)))
    #expect(harness.wait(1) == [])
    let effects = harness.feed(.checked(proposal(1, on: 0), valid: false))
    #expect(effects == [.gaveUp(View(1), .invalidProposal), .vote(nullify(1))])
  }

  @Test("A check that completes after the view was left or given up causes no vote")
  func lateCheck() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 1)))
    harness.feed(.certificate(harness.others(nullify(1))))
    #expect(harness.feed(.checked(proposal(1, on: 0), valid: true)) == [])
    harness.feed(.vote(vote(notarize(2, on: 0), 2)))
    #expect(harness.wait(3 * ConsensusHarness.delta).votes == [nullify(2)])
    #expect(harness.feed(.checked(proposal(2, on: 0), valid: true)) == [])
  }

  @Test("C10: an equivocating leader gets one vote, no finalize, and leaves evidence once")
  func equivocation() {
    var harness = ConsensusHarness()
    let first = vote(notarize(1, on: 0, block: 1), 1)
    let second = vote(notarize(1, on: 0, block: 2), 1)
    harness.feed(.vote(first))
    #expect(harness.feed(.checked(proposal(1, on: 0), valid: true)).votes == [notarize(1, on: 0)])
    #expect(harness.feed(.vote(second)) == [.evidence(Evidence(first: first, second: second))])
    #expect(harness.feed(.vote(second)) == [])
    #expect(harness.machine.evidence.count == 1)
    // The quorum is there without the leader, and the block is executed, but not finalized by this one.
    harness.feed(.certificate(harness.certificate(notarize(1, on: 0), without: [1])))
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
  }

  @Test("C10: if a quorum notarized a block other than the one seen here, it is executed but not finalized here")
  func otherBlockNotarized() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0, block: 1), 1)))
    harness.feed(.checked(proposal(1, on: 0), valid: true))
    let effects = harness.feed(.certificate(harness.others(notarize(1, on: 0, block: 2))))
    #expect(effects.contains(.certify(proposal(1, on: 0, block: 2), parent: harness.machine.lastFinalized)))
    #expect(harness.feed(.certified(proposal(1, on: 0, block: 2), result: result(2))) == [.enter(View(2))])
  }
}

import Consensus
import Primitives
import Testing

@Testing.Suite("Executing and finalizing")
struct CertifyingTests {
  @Test("A notarization alone does not end a view, and its timers stay armed")
  func bareNotarization() {
    var harness = ConsensusHarness()
    let notarization = harness.others(notarize(1, on: 0))
    harness.feed(.certificate(notarization))
    #expect(harness.machine.view == View(1))
    #expect(harness.machine.nextDeadline == Tick(3 * ConsensusHarness.delta))
    #expect(
      harness.wait(3 * ConsensusHarness.delta)
        == [.gaveUp(View(1), .notCertified)] + brought(notarization, to: [1, 2, 3]) + [.vote(nullify(1))])
    // It was given up, so it is executed but not finalized here.
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
  }

  @Test("A certificate of a higher view leads there directly; the views between need not exist")
  func jump() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.certificate(harness.others(notarize(900, on: 0)))).entered == [View(900)])
    #expect(harness.feed(.certificate(harness.others(nullify(5_000)))).entered == [View(5_001)])
    let last = harness.others(finalize(70_000, on: 0))
    #expect(harness.feed(.certificate(last)) == [.append(last), .finalized(last), .enter(View(70_001))])
    #expect(harness.feed(.certificate(harness.others(nullify(60)))) == [])
  }

  @Test("A notarized block waits for its parent, which is fetched and executed first")
  func order() {
    var harness = ConsensusHarness()
    let effects = harness.feed(.certificate(harness.others(notarize(3, on: 2))))
    #expect(effects.fetches == [FetchRequest(epoch: .first, first: View(2), last: View(2), ask: ValidatorIndex(1))])
    harness.feed(.certificate(harness.others(notarize(2, on: 1))))
    let first = harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    #expect(first.contains(.certify(proposal(1, on: 0), parent: harness.machine.lastFinalized)))
    #expect(
      harness.feed(.certified(proposal(1, on: 0), result: result(1)))
        == [
          .vote(finalize(1, on: 0)),
          .certify(proposal(2, on: 1), parent: BlockReference(view: View(1), block: block(1))),
        ])
    #expect(
      harness.feed(.certified(proposal(2, on: 1), result: result(2)))
        == [
          .vote(finalize(2, on: 1)),
          .certify(proposal(3, on: 2), parent: BlockReference(view: View(2), block: block(2))),
        ])
    #expect(
      harness.feed(.certified(proposal(3, on: 2), result: result(3))) == [.vote(finalize(3, on: 2)), .enter(View(4))])
  }

  @Test("A finalized view is usable: what waits for it continues")
  func finalizedParent() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(3, on: 2))))
    let effects = harness.feed(.certificate(harness.others(finalize(2, on: 1))))
    #expect(effects.contains(.certify(proposal(3, on: 2), parent: BlockReference(view: View(2), block: block(2)))))
  }

  @Test("C19: finalize votes of an old view finish it while the current view is being given up")
  func oldVotes() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    #expect(harness.wait(10 * ConsensusHarness.delta).votes == [nullify(2)])
    harness.feed(.certificate(harness.others(nullify(2))))
    #expect(harness.machine.view == View(3))
    let votes = harness.feed(all: [0, 2, 3].map { .vote(vote(finalize(1, on: 0), $0)) })
    #expect(votes.contains(.finalized(harness.certificate(finalize(1, on: 0), without: [1]))))
    #expect(harness.machine.view == View(3))
    #expect(harness.machine.lastFinalized.view == View(1))
  }

  @Test("Finality spans given-up views in between")
  func notConsecutive() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    harness.feed(.certificate(harness.others(nullify(2))))
    harness.feed(.certificate(harness.others(notarize(3, on: 1))))
    let votes = harness.feed(.certified(proposal(3, on: 1), result: result(3))).votes
    #expect(votes == [finalize(3, on: 1)])
    harness.feed(.certificate(harness.others(finalize(3, on: 1))))
    #expect(harness.machine.lastFinalized == BlockReference(view: View(3), block: block(3)))
  }

  @Test("A block that can never be executed is given up immediately")
  func executionFails() {
    var harness = ConsensusHarness()
    let notarization = harness.others(notarize(1, on: 0))
    harness.feed(.certificate(notarization))
    #expect(
      harness.feed(.certified(proposal(1, on: 0), result: nil))
        == [.gaveUp(View(1), .certificationFailed)] + brought(notarization, to: [1, 2, 3]) + [.vote(nullify(1))])
  }

  @Test("An unrequested execution record changes nothing")
  func unasked() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [])
    #expect(harness.feed(.checked(proposal(1, on: 0), valid: true)) == [])
    #expect(harness.feed(.built(Round(1), block: block(1))) == [])
    #expect(harness.machine.view == View(1))
  }

  @Test("Certificates that cannot both be true stop this node, with both shown")
  func contradiction() {
    var harness = ConsensusHarness()
    let first = harness.others(notarize(2, on: 0, block: 1))
    harness.feed(.certificate(first))
    let second = harness.others(notarize(2, on: 0, block: 2))
    let effects = harness.feed(.certificate(second))
    #expect(effects.contains(.contradiction(first, second)))
    harness.feed(.work(true))
    #expect(harness.wait(100 * ConsensusHarness.delta).votes == [])
  }

  @Test("C16: certificates with signers outside the set, too few or too many, change nothing")
  func malformed() {
    var harness = ConsensusHarness()
    let good = harness.others(nullify(1))
    let outside = Certificate(
      statement: nullify(1), signers: [1, 2, 9].map { ValidatorIndex($0) }, signatures: good.signatures)
    let few = Certificate(
      statement: nullify(1), signers: [1, 2].map { ValidatorIndex($0) }, signatures: Array(good.signatures.prefix(2)))
    let many = Certificate(
      statement: nullify(1), signers: [0, 1, 2, 3].map { ValidatorIndex($0) },
      signatures: good.signatures + [good.signatures[0]])
    #expect(harness.feed(all: [.certificate(outside), .certificate(few), .certificate(many)]) == [])
    #expect(harness.machine.view == View(1))
  }
}

import Consensus
import Primitives
import Testing

@Testing.Suite("Starting again")
struct RestoringTests {
  @Test("Stored votes are sent again unchanged, with the certificate that led to the view")
  func resend() {
    let harness = ConsensusHarness()
    let nullification = harness.others(nullify(1))
    let own = vote(notarize(2, on: 0), 0, salt: 77)
    var restored = ConsensusHarness(restored: RestoredConsensus(ownVotes: [own], certificates: [nullification]))
    #expect(restored.machine.view == View(2))
    #expect(restored.machine.nextDeadline == Tick(0))
    #expect(restored.feed(.tick) == [.resend(own), .resendCertificate(nullification)])
    // The view's proposal is known: there is work, and the timers run.
    #expect(restored.machine.nextDeadline == Tick(ConsensusHarness.retry))
  }

  @Test("C8: statements made before a restart are not contradicted after it")
  func flags() {
    // Notarized in view 1: another proposal of it gets no vote.
    var notarized = ConsensusHarness(restored: RestoredConsensus(ownVotes: [vote(notarize(1, on: 0), 0)]))
    notarized.feed(.vote(vote(notarize(1, on: 0, block: 9), 1)))
    #expect(notarized.feed(.checked(proposal(1, on: 0, block: 9), valid: true)).votes == [])

    // Nullified: no notarize, no finalize.
    var nullified = ConsensusHarness(restored: RestoredConsensus(ownVotes: [vote(nullify(1), 0)]))
    nullified.feed(.vote(vote(notarize(1, on: 0), 1)))
    nullified.feed(.certificate(nullified.others(notarize(1, on: 0))))
    #expect(nullified.feed(.certified(proposal(1, on: 0), result: result(1))).votes == [])

    // Finalized: no nullify, and it counts as certified.
    let harness = ConsensusHarness()
    var finalized = ConsensusHarness(
      restored: RestoredConsensus(
        ownVotes: [vote(finalize(1, on: 0), 0)], certificates: [harness.others(notarize(1, on: 0))]))
    #expect(finalized.machine.view == View(2))
    let votes = finalized.feed(all: [1, 2, 3].map { .vote(vote(nullify(1), $0)) }).votes
    #expect(!votes.contains(nullify(1)))
  }

  @Test("C8: a leader whose proposal is stored builds no other block for that view")
  func leader() {
    let harness = ConsensusHarness()
    let certificates = (1...3).map { harness.others(nullify($0)) }
    var restored = ConsensusHarness(
      restored: RestoredConsensus(ownVotes: [vote(notarize(4, on: 0), 0)], certificates: certificates))
    #expect(restored.machine.view == View(4))
    let effects = restored.feed(.work(true))
    #expect(effects.contains(.resend(vote(notarize(4, on: 0), 0))))
    #expect(!effects.contains { if case .build = $0 { true } else { false } })
  }

  @Test("A notarized block that the node did not vote to finalize is executed again, and then voted on")
  func executions() {
    let harness = ConsensusHarness()
    let notarization = harness.others(notarize(1, on: 0))
    var pending = ConsensusHarness(restored: RestoredConsensus(certificates: [notarization]))
    #expect(pending.machine.view == View(1))
    #expect(pending.feed(.tick).contains(.certify(proposal(1, on: 0), parent: pending.machine.lastFinalized)))
    #expect(pending.feed(.certified(proposal(1, on: 0), result: result(1))).votes == [finalize(1, on: 0)])
    #expect(pending.machine.view == View(2))
  }

  @Test("It continues above the newest finalization")
  func finalization() {
    let harness = ConsensusHarness()
    let newest = harness.others(finalize(40, on: 39))
    let restored = ConsensusHarness(
      restored: RestoredConsensus(
        finalization: newest, ownVotes: [vote(nullify(12), 0)], certificates: [harness.others(nullify(41))]))
    #expect(restored.machine.lastFinalized == BlockReference(view: View(40), block: block(40)))
    #expect(restored.machine.view == View(42))
    #expect(restored.machine.certificate(for: Round(40), .finalize) == newest)
  }

  @Test("C7: a node whose directory was lost sends no votes until it is allowed to, and none up to that view")
  func listening() {
    var harness = ConsensusHarness(restored: RestoredConsensus(memory: .incomplete))
    harness.feed(.work(true))
    #expect(harness.machine.nextDeadline == nil)
    #expect(harness.feed(all: [1, 2].map { .vote(vote(nullify(1), $0)) }) == [])
    harness.feed(.allowVoting(above: Round(5)))
    #expect(harness.wait(100 * ConsensusHarness.delta) == [])
    harness.feed(.certificate(harness.others(nullify(4))))
    #expect(harness.wait(100 * ConsensusHarness.delta) == [])
    harness.feed(.certificate(harness.others(nullify(5))))
    #expect(harness.wait(100 * ConsensusHarness.delta).votes == [nullify(6)])
  }

  @Test("C7: after a restart with a bar in its log, a node votes only above it")
  func bar() {
    var harness = ConsensusHarness(restored: RestoredConsensus(memory: .complete(above: Round(2))))
    harness.feed(.work(true))
    #expect(harness.wait(100 * ConsensusHarness.delta) == [])
    harness.feed(.certificate(harness.others(nullify(2))))
    #expect(harness.wait(100 * ConsensusHarness.delta).votes == [nullify(3)])
  }

  @Test("C9: a vote with the node's own signature that its log does not contain stops voting, and is reported once")
  func ownKeyElsewhere() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 0))) == [.ownKeyElsewhere(notarize(1, on: 0))])
    #expect(harness.feed(.vote(vote(nullify(1), 0))) == [])
    harness.feed(.work(true))
    #expect(harness.wait(100 * ConsensusHarness.delta) == [])
  }

  @Test("C9: the own signature in a certificate reveals it too, even in a certificate that is in the log")
  func inCertificate() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.certificate(harness.certificate(nullify(1)))).first == .ownKeyElsewhere(nullify(1)))
    var restored = ConsensusHarness(restored: RestoredConsensus(certificates: [harness.certificate(nullify(1))]))
    #expect(restored.feed(.tick).first == .ownKeyElsewhere(nullify(1)))
  }

  @Test("C9: own votes that it knows, old ones, and those of a lost directory raise no alarm")
  func noAlarm() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 1)))
    harness.feed(.checked(proposal(1, on: 0), valid: true))
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 0, salt: 5))) == [])
    #expect(harness.feed(.vote(vote(notarize(1, on: 0), 0, salt: 6))) == [])
    harness.feed(.certificate(harness.others(finalize(9, on: 0))))
    #expect(harness.feed(.vote(vote(nullify(3), 0))) == [])

    var lost = ConsensusHarness(restored: RestoredConsensus(memory: .incomplete))
    #expect(lost.feed(.vote(vote(nullify(1), 0))) == [])
    lost.feed(.allowVoting(above: Round(3)))
    #expect(lost.feed(.vote(vote(nullify(2), 0))) == [])
    harness.feed(.tick)
  }

  @Test("C9: two nodes with one key detect each other, and neither signs a second kind of vote")
  func twins() {
    var first = ConsensusHarness()
    var second = ConsensusHarness()
    first.feed(.vote(vote(notarize(1, on: 0), 1)))
    let said = first.feed(.checked(proposal(1, on: 0), valid: true)).votes
    second.feed(.work(true))
    let other = second.wait(2 * ConsensusHarness.delta).votes
    #expect(said == [notarize(1, on: 0)])
    #expect(other == [nullify(1)])
    #expect(first.feed(.vote(vote(other[0], 0))) == [.ownKeyElsewhere(nullify(1))])
    #expect(second.feed(.vote(vote(said[0], 0))) == [.ownKeyElsewhere(notarize(1, on: 0))])
  }

  @Test("A node with a log that contradicts itself does not vote")
  func contradiction() {
    var harness = ConsensusHarness(
      restored: RestoredConsensus(ownVotes: [vote(nullify(1), 0), vote(finalize(1, on: 0), 0)]))
    harness.feed(.work(true))
    #expect(harness.wait(100 * ConsensusHarness.delta).votes == [])
  }

  @Test("After the node stops it, it follows but sends nothing")
  func stopped() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    harness.feed(.stopVoting)
    #expect(harness.machine.nextDeadline == nil)
    #expect(harness.feed(.certificate(harness.others(notarize(1, on: 0)))).votes == [])
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
  }

  @Test("An observer follows every certificate and never votes")
  func observer() {
    var harness = ConsensusHarness(own: nil)
    harness.feed(.work(true))
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
    harness.feed(.certificate(harness.others(finalize(1, on: 0))))
    #expect(harness.machine.lastFinalized.view == View(1))
    #expect(harness.machine.nextDeadline == nil)
  }
}

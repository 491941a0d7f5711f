import Consensus
import Primitives
import Testing

@Testing.Suite("Votes that arrive")
struct VotesTests {
  @Test("C16: signers outside the set, other epochs, view 0 and parents that are not older are dropped")
  func malformed() {
    var harness = ConsensusHarness()
    var otherEpoch = proposal(1, on: 0)
    otherEpoch.epoch = Epoch(1)
    let votes = [
      vote(nullify(1), 4), vote(nullify(1), 255), vote(nullify(1), 65_535), vote(.notarize(otherEpoch), 1),
      vote(nullify(0), 1), vote(notarize(1, on: 1), 1), vote(notarize(1, on: 7), 1),
      vote(.nullify(epoch: Epoch(.max), view: View(1)), 1),
    ]
    #expect(harness.feed(all: votes.map { .vote($0) }) == [])
    #expect(harness.machine.nextDeadline == nil)
  }

  @Test("A vote more than one view ahead is dropped, a certificate is not")
  func ahead() {
    var harness = ConsensusHarness()
    harness.feed(all: [1, 2, 3].map { .vote(vote(nullify(3), $0)) })
    #expect(harness.machine.view == View(1))
    harness.feed(all: [1, 2, 3].map { .vote(vote(nullify(2), $0)) })
    #expect(harness.machine.view == View(3))
  }

  @Test("A signer counts once, however often it repeats itself")
  func once() {
    var harness = ConsensusHarness()
    for salt in 0..<10 as Range<UInt64> { harness.feed(.vote(vote(nullify(1), 3, salt: salt))) }
    #expect(harness.machine.view == View(1))
    #expect(harness.machine.evidence.isEmpty)
  }

  @Test("C10: nullify and finalize of one signer are evidence in either order; notarize then nullify is not")
  func evidence() {
    for order in [[nullify(1), finalize(1, on: 0)], [finalize(1, on: 0), nullify(1)]] {
      var harness = ConsensusHarness()
      let votes = order.map { vote($0, 3) }
      harness.feed(.vote(votes[0]))
      #expect(harness.feed(.vote(votes[1])).first == .evidence(Evidence(first: votes[0], second: votes[1])))
      #expect(harness.feed(all: votes.map { .vote($0) }) == [])
    }
    var honest = ConsensusHarness()
    honest.feed(.vote(vote(notarize(1, on: 0), 3)))
    #expect(!honest.feed(.vote(vote(nullify(1), 3))).contains { if case .evidence = $0 { true } else { false } })
  }

  @Test("C10: two results from one signer are evidence, and neither counts")
  func twoResults() {
    var harness = ConsensusHarness()
    harness.feed(all: [1, 2].map { .vote(vote(finalize(1, on: 0), $0)) })
    let lie = vote(finalize(1, on: 0, result: 9), 3)
    harness.feed(.vote(lie))
    let truth = vote(finalize(1, on: 0), 3)
    #expect(harness.feed(.vote(truth)) == [.evidence(Evidence(first: lie, second: truth))])
    #expect(harness.machine.lastFinalized.view == .genesis)
  }

  @Test("C10: the memory that evidence of one validator can take is bounded")
  func boundedEvidence() {
    var harness = ConsensusHarness()
    for view in UInt64(1)...500 {
      harness.feed(.vote(vote(notarize(view, on: 0, block: 1), 3)))
      harness.feed(.vote(vote(notarize(view, on: 0, block: 2), 3)))
      harness.feed(.certificate(harness.others(finalize(view, on: view - 1))))
    }
    #expect(harness.machine.evidence.count == Limits.evidence / 4)
  }

  @Test("A validator that repeats a vote of a past view is sent the certificate that ended it, once per interval")
  func help() {
    var harness = ConsensusHarness()
    let nullification = harness.certificate(nullify(1), without: [1])
    harness.feed(.certificate(nullification))
    let late = ConsensusInput.vote(vote(notarize(1, on: 0), 3))
    #expect(harness.feed(late) == [])
    #expect(harness.feed(late) == [.answer(nullification, to: ValidatorIndex(3))])
    #expect(harness.feed(late) == [])
    harness.now += ConsensusHarness.retry
    #expect(harness.feed(late) == [.answer(nullification, to: ValidatorIndex(3))])

    let finalization = harness.others(finalize(500, on: 0))
    harness.feed(.certificate(finalization))
    harness.now += ConsensusHarness.retry
    #expect(harness.feed(late) == [.answer(finalization, to: ValidatorIndex(3))])
  }

  @Test("Any order and any repetition of the same votes give the same certificates")
  func order() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      var harness = ConsensusHarness()
      let votes = [1, 2, 3].flatMap { [vote(notarize(1, on: 0), $0), vote(finalize(1, on: 0), $0)] }
      harness.feed(all: (votes + votes).shuffled(using: &random).map { .vote($0) })
      #expect(harness.machine.lastFinalized.view == View(1))
      #expect(harness.machine.certificate(for: Round(1), .finalize) == harness.others(finalize(1, on: 0)))
    }
  }
}

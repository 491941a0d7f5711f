import Consensus
import Primitives
import Testing

@Testing.Suite("Votes that arrive")
struct VotesTests {
  @Test("C16: signers outside the set, other epochs, view 0 and parents that are not older are dropped")
  func malformed() {
    var scene = Scene()
    var otherEpoch = proposal(1, on: 0)
    otherEpoch.epoch = Epoch(1)
    let votes = [
      vote(nullify(1), 4), vote(nullify(1), 255), vote(nullify(1), 65_535), vote(.notarize(otherEpoch), 1),
      vote(nullify(0), 1), vote(notarize(1, on: 1), 1), vote(notarize(1, on: 7), 1),
      vote(.nullify(epoch: Epoch(.max), view: View(1)), 1),
    ]
    #expect(scene.feed(all: votes.map { .vote($0) }) == [])
    #expect(scene.machine.nextDeadline == nil)
  }

  @Test("A vote more than one view ahead is dropped, a certificate is not")
  func ahead() {
    var scene = Scene()
    scene.feed(all: [1, 2, 3].map { .vote(vote(nullify(3), $0)) })
    #expect(scene.machine.view == View(1))
    scene.feed(all: [1, 2, 3].map { .vote(vote(nullify(2), $0)) })
    #expect(scene.machine.view == View(3))
  }

  @Test("A signer counts once, however often it repeats itself")
  func once() {
    var scene = Scene()
    for salt in 0..<10 as Range<UInt64> { scene.feed(.vote(vote(nullify(1), 3, salt: salt))) }
    #expect(scene.machine.view == View(1))
    #expect(scene.machine.evidence.isEmpty)
  }

  @Test("C10: nullify and finalize of one signer are evidence in either order; notarize then nullify is none")
  func evidence() {
    for order in [[nullify(1), finalize(1, on: 0)], [finalize(1, on: 0), nullify(1)]] {
      var scene = Scene()
      let votes = order.map { vote($0, 3) }
      scene.feed(.vote(votes[0]))
      #expect(scene.feed(.vote(votes[1])).first == .evidence(Evidence(first: votes[0], second: votes[1])))
      #expect(scene.feed(all: votes.map { .vote($0) }) == [])
    }
    var honest = Scene()
    honest.feed(.vote(vote(notarize(1, on: 0), 3)))
    #expect(!honest.feed(.vote(vote(nullify(1), 3))).contains { if case .evidence = $0 { true } else { false } })
  }

  @Test("C10: two results from one signer are evidence, and neither counts")
  func twoResults() {
    var scene = Scene()
    scene.feed(all: [1, 2].map { .vote(vote(finalize(1, on: 0), $0)) })
    let lie = vote(finalize(1, on: 0, result: 9), 3)
    scene.feed(.vote(lie))
    let truth = vote(finalize(1, on: 0), 3)
    #expect(scene.feed(.vote(truth)) == [.evidence(Evidence(first: lie, second: truth))])
    #expect(scene.machine.lastFinalized.view == .genesis)
  }

  @Test("C10: the evidence one validator can fill memory with is bounded")
  func boundedEvidence() {
    var scene = Scene()
    for view in UInt64(1)...500 {
      scene.feed(.vote(vote(notarize(view, on: 0, block: 1), 3)))
      scene.feed(.vote(vote(notarize(view, on: 0, block: 2), 3)))
      scene.feed(.certificate(scene.others(finalize(view, on: view - 1))))
    }
    #expect(scene.machine.evidence.count == Limits.evidence / 4)
  }

  @Test("A validator that repeats a vote of a view that is over is sent what ended it, once an interval")
  func help() {
    var scene = Scene()
    let nullification = scene.certificate(nullify(1), without: [1])
    scene.feed(.certificate(nullification))
    let late = ConsensusInput.vote(vote(notarize(1, on: 0), 3))
    #expect(scene.feed(late) == [])
    #expect(scene.feed(late) == [.answer(nullification, to: ValidatorIndex(3))])
    #expect(scene.feed(late) == [])
    scene.now += Scene.retry
    #expect(scene.feed(late) == [.answer(nullification, to: ValidatorIndex(3))])

    let finalization = scene.others(finalize(500, on: 0))
    scene.feed(.certificate(finalization))
    scene.now += Scene.retry
    #expect(scene.feed(late) == [.answer(finalization, to: ValidatorIndex(3))])
  }

  @Test("Any order and any repetition of the same votes gives the same certificates")
  func order() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      var scene = Scene()
      let votes = [1, 2, 3].flatMap { [vote(notarize(1, on: 0), $0), vote(finalize(1, on: 0), $0)] }
      scene.feed(all: (votes + votes).shuffled(using: &random).map { .vote($0) })
      #expect(scene.machine.lastFinalized.view == View(1))
      #expect(scene.machine.certificate(for: View(1), .finalize) == scene.others(finalize(1, on: 0)))
    }
  }
}

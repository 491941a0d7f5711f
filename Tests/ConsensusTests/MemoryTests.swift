import Primitives
import Testing

@testable import Consensus

@Testing.Suite("Memory")
struct MemoryTests {
  @Test("C13: random 64-bit numbers in every field of votes open no views and break nothing")
  func randomVotes() {
    var random = SeededGenerator(seed: 13)
    var harness = ConsensusHarness()
    for state in 0..<5_000 {
      func number() -> UInt64 {
        switch random.next() % 4 {
        case 0: random.next()
        case 1: .max - random.next() % 3
        default: random.next() % 5
        }
      }
      let proposal = Proposal(
        epoch: Epoch(random.next() % 8 == 0 ? random.next() : 0), view: View(number()), parent: View(number()),
        block: block(random.next() % 3))
      let statement: Statement =
        switch random.next() % 3 {
        case 0: .notarize(proposal)
        case 1: .nullify(epoch: proposal.epoch, view: proposal.view)
        default: .finalize(proposal, result: result(random.next() % 3))
        }
      // One faulty validator, so nothing may come of it.
      harness.feed(.vote(vote(statement, 3)))
      harness.feed(
        .vote(
          Vote(
            statement: statement, signer: ValidatorIndex(UInt16.random(in: 4 ... .max, using: &random)),
            signature: vote(statement, 3).signature)))
      if state % 100 == 0 { harness.wait(1) }
    }
    #expect(harness.machine.views.states.count <= 2)
    #expect(harness.machine.view == View(1))
  }

  @Test("C13: random unrequested answers, at any view, break nothing")
  func randomAnswers() {
    var random = SeededGenerator(seed: 14)
    var harness = ConsensusHarness()
    for _ in 0..<5_000 {
      let view = View(random.next() % 3 == 0 ? random.next() : random.next() % 4)
      let proposal = Proposal(epoch: .first, view: view, parent: View(random.next()), block: block(1))
      switch random.next() % 6 {
      case 0: harness.feed(.built(Round(epoch: .first, view: view), block: block(1)))
      case 1: harness.feed(.checked(proposal, valid: true))
      case 2: harness.feed(.certified(proposal, result: result(1)))
      case 3: harness.feed(.declined(Round(epoch: .first, view: view)))
      case 4: harness.feed(.heard(ValidatorIndex(UInt16(truncatingIfNeeded: random.next()))))
      default: harness.wait(random.next() % 100)
      }
    }
    #expect(harness.machine.view == View(1))
  }

  @Test("C13: certificates with the highest numbers do not overflow")
  func lastView() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(nullify(.max - 1))))
    #expect(harness.machine.view == View(.max))
    harness.feed(.work(true))
    harness.feed(.vote(vote(notarize(.max, on: 3), 3)))
    harness.feed(.certificate(harness.others(nullify(.max))))
    #expect(harness.machine.view == View(.max))
    harness.wait(100 * ConsensusHarness.delta)
    harness.machine.checkInvariants()
  }

  @Test("C13: a finalization of the last possible view ends all others, and nothing overflows after it")
  func lastFinalization() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(finalize(.max, on: 1))))
    #expect(harness.machine.view == View(.max))
    #expect(harness.machine.lastFinalized.view == View(.max))
    harness.feed(.work(true))
    harness.wait(100 * ConsensusHarness.delta)
    harness.machine.checkInvariants()
  }

  @Test("C13: thousands of views without finality take bounded memory, and the next leader still builds")
  func noFinality() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    for view in UInt64(1)...2_501 {
      harness.feed(.certificate(harness.others(nullify(view))))
    }
    #expect(harness.machine.views.states.count <= Limits.trackedViews + 2)
    harness.feed(.certificate(harness.others(nullify(2_502))))
    let effects = harness.feed(.certificate(harness.others(nullify(2_503))))
    #expect(
      effects.contains(
        .build(Round(2_504), parent: BlockReference(view: .genesis, block: ConsensusHarness.genesis), empty: false))
    )
    harness.feed(.certificate(harness.others(finalize(2_510, on: 0))))
    #expect(harness.machine.views.states.count <= Limits.retainedViews + 2)
  }

  @Test("Final views are kept as long as lagging peers need them, and no longer")
  func retention() {
    var harness = ConsensusHarness()
    for view in UInt64(1)...300 {
      harness.feed(.certificate(harness.others(notarize(view, on: view - 1))))
      harness.feed(.certificate(harness.others(finalize(view, on: view - 1))))
    }
    #expect(harness.machine.views.states.count <= Limits.retainedViews + 2)
    #expect(harness.machine.certificate(for: Round(300), .finalize) != nil)
    #expect(harness.machine.certificate(for: Round(100), .finalize) == nil)
    let request = FetchRequest(epoch: .first, first: View(1), last: View(301), ask: nil)
    #expect(harness.machine.certificates(answering: request) == [harness.others(finalize(300, on: 299))])
  }
}

import Consensus
import Primitives
import Testing

@Testing.Suite("A leader that withholds its proposal, votes or certificates from some")
struct WithholdingTests {
  private static let adoption = ConsensusHarness.delta / 4

  private func answers(_ effects: [ConsensusEffect]) -> [ConsensusEffect] {
    effects.filter { if case .answer = $0 { true } else { false } }
  }

  @Test("H5: what f + 1 validators voted for counts as proposed after a quarter of Δ, and gets this node's vote")
  func adopted() {
    var harness = ConsensusHarness()
    let genesis = harness.machine.lastFinalized
    #expect(harness.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) }) == [])
    #expect(harness.machine.nextDeadline == Tick(Self.adoption))
    #expect(harness.wait(Self.adoption) == [.check(proposal(1, on: 0), parent: genesis)])
    #expect(harness.feed(.checked(proposal(1, on: 0), valid: true)) == [.vote(notarize(1, on: 0))])
    let notarization = harness.certificate(notarize(1, on: 0), without: [1])
    #expect(
      harness.feed(.vote(vote(notarize(1, on: 0), 0)))
        == [.append(notarization), .certify(proposal(1, on: 0), parent: genesis)])
    #expect(
      harness.feed(.certified(proposal(1, on: 0), result: result(1))).votes == [finalize(1, on: 0)])
  }

  @Test("H5: the leader's own proposal is checked at once, and only once")
  func proposed() {
    var harness = ConsensusHarness()
    harness.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) })
    #expect(
      harness.feed(.vote(vote(notarize(1, on: 0), 1))).contains(
        .certify(proposal(1, on: 0), parent: harness.machine.lastFinalized)))
    #expect(harness.wait(Self.adoption) == [])
  }

  @Test("H5: f votes, or votes for different blocks, are not a proposal")
  func unsupported() {
    for blocks in [[2: 1], [2: 1, 3: 2]] as [[Int: UInt64]] {
      var harness = ConsensusHarness()
      harness.feed(.work(true))
      for (signer, block) in blocks { harness.feed(.vote(vote(notarize(1, on: 0, block: block), signer))) }
      #expect(harness.wait(Self.adoption) == [])
    }
  }

  @Test("H5: a view that was given up is not taken up again")
  func givenUp() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    #expect(harness.wait(2 * ConsensusHarness.delta).votes == [nullify(1)])
    harness.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) })
    #expect(harness.wait(Self.adoption).allSatisfy { if case .check = $0 { false } else { true } })
  }

  @Test("H5: a node that has another proposal of the leader asks those who voted for the first for its notarization")
  func otherProposal() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0, block: 7), 1)))
    harness.feed(.checked(proposal(1, on: 0, block: 7), valid: true))
    harness.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) })
    let request = FetchRequest(epoch: .first, first: View(1), last: View(1), ask: ValidatorIndex(2))
    #expect(harness.wait(Self.adoption) == [.fetch(request)])
    #expect(harness.feed(.certificate(harness.others(notarize(1, on: 0)))).fetches == [])
  }

  @Test("H5: a finalize vote shows that its signer has the notarization, which is requested from it at once")
  func finalizeVote() {
    var harness = ConsensusHarness()
    let request = FetchRequest(epoch: .first, first: View(1), last: View(1), ask: ValidatorIndex(3))
    #expect(harness.feed(.vote(vote(finalize(1, on: 0), 3))) == [.fetch(request)])
    #expect(harness.feed(.vote(vote(finalize(1, on: 0), 2))).fetches == [], "the answer may still come")
    #expect(
      harness.feed(.certificate(harness.others(notarize(1, on: 0)))).contains(
        .certify(proposal(1, on: 0), parent: harness.machine.lastFinalized)))
  }

  @Test("H5: a leader that sends another proposal later has contradicted itself, and the view gets no finalize vote")
  func contradiction() {
    var harness = ConsensusHarness()
    harness.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) })
    harness.wait(Self.adoption)
    harness.feed(.vote(vote(notarize(1, on: 0, block: 7), 1)))
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))).votes == [])
  }

  @Test("H5: whoever gives up a view that is certified here is sent its notarization at once, in either order")
  func help() {
    var harness = ConsensusHarness()
    let notarization = harness.others(notarize(1, on: 0))
    let answer = ConsensusEffect.answer(notarization, to: ValidatorIndex(3))
    harness.feed(.certificate(notarization))
    harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    #expect(answers(harness.feed(.vote(vote(nullify(1), 3)))) == [answer])
    #expect(answers(harness.feed(.vote(vote(nullify(1), 3)))) == [], "once in a retry interval")

    var early = ConsensusHarness()
    #expect(answers(early.feed(.vote(vote(nullify(1), 3)))) == [])
    early.feed(.certificate(notarization))
    #expect(answers(early.feed(.certified(proposal(1, on: 0), result: result(1)))) == [answer])
  }
}

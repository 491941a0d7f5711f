import Consensus
import Primitives
import Testing

@Testing.Suite("Passing certificates on")
struct PassingOnTests {
  private func passedOn(_ effects: [ConsensusEffect]) -> [Certificate] {
    effects.compactMap { effect in
      guard case .broadcast(let certificate) = effect else { return nil }
      return certificate
    }
  }

  /// Who was sent which certificate alone.
  private func answers(_ effects: [ConsensusEffect]) -> [ValidatorIndex: Certificate] {
    effects.reduce(into: [:]) { answers, effect in
      if case .answer(let certificate, let validator) = effect { answers[validator] = certificate }
    }
  }

  @Test("The certificate that leads to a view is passed on by that view's leader only, once, before its proposal")
  func leader() {
    for statement in [notarize(3, on: 0), nullify(3)] {
      var harness = ConsensusHarness()
      let certificate = harness.others(statement)
      #expect(passedOn(harness.feed(.certificate(certificate))) == [certificate])
      #expect(passedOn(harness.feed(.certificate(certificate))) == [])
    }
    for view: UInt64 in [1, 2, 4, 5] {
      for statement in [notarize(view, on: 0), nullify(view)] {
        var harness = ConsensusHarness()
        #expect(passedOn(harness.feed(.certificate(harness.others(statement)))) == [])
      }
    }
  }

  @Test(
    "Finalizations are not passed on: the votes reach everyone, and a validator that lacks one asks with its own vote")
  func finalization() {
    for view: UInt64 in 1...4 {
      var harness = ConsensusHarness()
      #expect(passedOn(harness.feed(.certificate(harness.others(finalize(view, on: 0))))) == [])
    }
  }

  /// In view 2, with work, by this nullification of view 1.
  private func enterSecondView(_ harness: inout ConsensusHarness) -> Certificate {
    let nullification = harness.others(nullify(1))
    harness.feed(.certificate(nullification))
    harness.feed(.work(true))
    return nullification
  }

  @Test("A validator that gives up a view first sends the certificate that leads there to those silent in it")
  func bringingAlong() {
    var harness = ConsensusHarness()
    let entered = enterSecondView(&harness)
    harness.feed(.vote(vote(nullify(2), 1)))
    let effects = harness.wait(2 * ConsensusHarness.delta)
    #expect(answers(effects) == [ValidatorIndex(2): entered, ValidatorIndex(3): entered])
    #expect(effects.last == .vote(nullify(2)))
  }

  @Test("A validator that is already in the next view needs nothing")
  func ahead() {
    var harness = ConsensusHarness()
    let entered = enterSecondView(&harness)
    for validator in 1...2 { harness.feed(.vote(vote(notarize(3, on: 0), validator))) }
    #expect(answers(harness.wait(2 * ConsensusHarness.delta)) == [ValidatorIndex(3): entered])
  }

  @Test("A repeated vote, whose signature is not checked again, asks for help too")
  func repeated() {
    var harness = ConsensusHarness()
    let nullification = harness.certificate(nullify(1), without: [1])
    harness.feed(.certificate(nullification))
    let again = ConsensusInput.repeated(notarize(1, on: 0), by: ValidatorIndex(3))
    #expect(harness.feed(again) == [.answer(nullification, to: ValidatorIndex(3))])
    #expect(harness.feed(again) == [])
    harness.now += ConsensusHarness.retry
    #expect(harness.feed(again) == [.answer(nullification, to: ValidatorIndex(3))])
  }
}

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

  @Test("What leads to a view is passed on by that view's leader, once, before its proposal, and by nobody else")
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

  @Test("A finalization is passed on by nobody: the votes for it reach everybody, and who lacks one asks with its own")
  func finalization() {
    for view: UInt64 in 1...4 {
      var harness = ConsensusHarness()
      #expect(passedOn(harness.feed(.certificate(harness.others(finalize(view, on: 0))))) == [])
    }
  }

  /// In view 2, with work, by this nullification of view 1.
  private func inSecondView() -> (harness: ConsensusHarness, entered: Certificate) {
    var harness = ConsensusHarness()
    let nullification = harness.others(nullify(1))
    harness.feed(.certificate(nullification))
    harness.feed(.work(true))
    return (harness, nullification)
  }

  @Test("Who gives a view up sends what leads there to those who said nothing in it, before the own vote")
  func bringingAlong() {
    var (harness, entered) = inSecondView()
    harness.feed(.vote(vote(nullify(2), 1)))
    let effects = harness.wait(2 * ConsensusHarness.delta)
    #expect(answers(effects) == [ValidatorIndex(2): entered, ValidatorIndex(3): entered])
    #expect(effects.last == .vote(nullify(2)))
  }

  @Test("Who is in the next view already needs nothing")
  func ahead() {
    var (harness, entered) = inSecondView()
    for validator in 1...2 { harness.feed(.vote(vote(notarize(3, on: 0), validator))) }
    #expect(answers(harness.wait(2 * ConsensusHarness.delta)) == [ValidatorIndex(3): entered])
  }

  @Test("A vote that was said before, and whose signature nobody checks again, asks for help as well")
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

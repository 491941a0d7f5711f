import Primitives
import Testing

@testable import Consensus

@Suite("A machine and its epoch")
struct EpochTests {
  private let other = Epoch(1)

  private func proposal(_ view: UInt64) -> Proposal {
    Proposal(epoch: other, view: View(view), parent: .genesis, block: block(view))
  }

  @Test("votes, certificates and answers of another epoch change nothing and are not answered")
  func otherEpoch() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    let inputs: [ConsensusInput] = [
      .vote(vote(.notarize(proposal(1)), 1)), .vote(vote(.nullify(epoch: other, view: View(1)), 2)),
      .repeated(.notarize(proposal(1)), by: ValidatorIndex(2)),
      .certificate(harness.certificate(.notarize(proposal(1)))),
      .certificate(harness.certificate(.finalize(proposal(7), result: result(7)))),
      .certificate(harness.certificate(.nullify(epoch: other, view: View(3)))),
      .built(Round(epoch: other, view: View(1)), block: block(1)), .declined(Round(epoch: other, view: View(1))),
      .checked(proposal(1), valid: true), .certified(proposal(1), result: result(1)),
    ]
    for input in inputs { #expect(harness.feed(input) == [], "\(input)") }
    #expect(harness.machine.round == Round(1))
    #expect(harness.machine.lastFinalized.view == .genesis)
    #expect(harness.machine.count(of: .notarize(proposal(1))) == 0)
  }

  @Test("an answer to a block that an earlier epoch requested is not the block of the same view in this one")
  func lateBlock() {
    var harness = ConsensusHarness(own: 2, epoch: other)
    let asked = Round(epoch: other, view: View(1))
    let parent = harness.machine.lastFinalized
    #expect(harness.feed(.work(true)) == [.build(asked, parent: parent, empty: false)])
    #expect(harness.feed(.built(Round(1), block: block(9))) == [])
    #expect(harness.feed(.built(asked, block: block(1))) == [.check(proposal(1), parent: parent)])
  }

  @Test("a log that spans epochs restores what belongs to the machine's own epoch")
  func restoring() {
    let ended = ConsensusHarness()
    let late = ended.certificate(finalize(500, on: 499))
    let restored = RestoredConsensus(
      finalization: late, ownVotes: [vote(nullify(501), 0)], certificates: [late, ended.certificate(nullify(501))])
    var harness = ConsensusHarness(restored: restored, epoch: other)
    #expect(harness.machine.round == Round(epoch: other, view: View(1)))
    #expect(harness.machine.finalization == nil)
    #expect(harness.feed(.tick) == [])
  }

  @Test("the bar of an earlier epoch forbids no view of this one; that of a later epoch forbids all of them")
  func bars() {
    func votes(above bar: Round) -> [Statement] {
      var harness = ConsensusHarness(restored: RestoredConsensus(memory: .incomplete), epoch: other)
      harness.feed(all: [.allowVoting(above: bar), .work(true)])
      return harness.wait(2 * ConsensusHarness.delta).votes
    }
    let nullify = Statement.nullify(epoch: other, view: View(1))
    #expect(votes(above: Round(500)) == [nullify])
    #expect(votes(above: Round(epoch: other, view: .genesis)) == [nullify])
    #expect(votes(above: Round(epoch: other, view: View(1))) == [])
    #expect(votes(above: Round(epoch: Epoch(2), view: .genesis)) == [])
  }

  @Test("look-ups compare rounds: an earlier epoch is over and forgotten, a later one is neither")
  func lookups() {
    var harness = ConsensusHarness(epoch: other)
    let certificate = harness.certificate(.nullify(epoch: other, view: View(1)))
    harness.feed(.certificate(certificate))
    #expect(harness.machine.certificate(for: certificate.round, .nullify) == certificate)
    #expect(harness.machine.certificate(for: Round(1), .nullify) == nil)
    #expect(
      harness.machine.certificates(answering: FetchRequest(epoch: other, first: View(1), last: View(1), ask: nil)) == [
        certificate
      ])
    #expect(
      harness.machine.certificates(answering: FetchRequest(epoch: .first, first: View(1), last: View(1), ask: nil))
        == [])
    #expect(
      [Round(500), Round(epoch: Epoch(2), view: View(1))].map { harness.machine.hasForgotten($0) } == [true, false])
    #expect(
      [nullify(500), .nullify(epoch: Epoch(2), view: .genesis)].map { harness.machine.isSettled($0) } == [true, false])
  }
}

import Consensus
import Primitives
import Testing

@Testing.Suite("Executing and finalizing")
struct CertifyingTests {
  @Test("A notarization alone does not end a view, and its timers stay armed")
  func bareNotarization() {
    var scene = Scene()
    let notarization = scene.others(notarize(1, on: 0))
    scene.feed(.certificate(notarization))
    #expect(scene.machine.view == View(1))
    #expect(scene.machine.nextDeadline == Tick(3 * Scene.delta))
    #expect(
      scene.wait(3 * Scene.delta)
        == [.gaveUp(View(1), .notCertified)] + brought(notarization, to: [1, 2, 3]) + [.vote(nullify(1))])
    // It was given up, so it is executed but not finalized here.
    #expect(scene.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
  }

  @Test("A certificate of a higher view jumps there; the views between need not exist")
  func jump() {
    var scene = Scene()
    #expect(scene.feed(.certificate(scene.others(notarize(900, on: 0)))).entered == [View(900)])
    #expect(scene.feed(.certificate(scene.others(nullify(5_000)))).entered == [View(5_001)])
    let last = scene.others(finalize(70_000, on: 0))
    #expect(scene.feed(.certificate(last)) == [.append(last), .finalized(last), .enter(View(70_001))])
    #expect(scene.feed(.certificate(scene.others(nullify(60)))) == [])
  }

  @Test("A notarized block waits for its parent, which is fetched and executed first")
  func order() {
    var scene = Scene()
    let effects = scene.feed(.certificate(scene.others(notarize(3, on: 2))))
    #expect(effects.fetches == [FetchRequest(first: View(2), last: View(2), ask: ValidatorIndex(1))])
    scene.feed(.certificate(scene.others(notarize(2, on: 1))))
    let first = scene.feed(.certificate(scene.others(notarize(1, on: 0))))
    #expect(first.contains(.certify(proposal(1, on: 0), parent: scene.machine.lastFinalized)))
    #expect(
      scene.feed(.certified(proposal(1, on: 0), result: result(1)))
        == [
          .vote(finalize(1, on: 0)),
          .certify(proposal(2, on: 1), parent: BlockReference(view: View(1), block: block(1))),
        ])
    #expect(
      scene.feed(.certified(proposal(2, on: 1), result: result(2)))
        == [
          .vote(finalize(2, on: 1)),
          .certify(proposal(3, on: 2), parent: BlockReference(view: View(2), block: block(2))),
        ])
    #expect(
      scene.feed(.certified(proposal(3, on: 2), result: result(3))) == [.vote(finalize(3, on: 2)), .enter(View(4))])
  }

  @Test("A finalized view is usable: what waits for it goes on")
  func finalizedParent() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(notarize(3, on: 2))))
    let effects = scene.feed(.certificate(scene.others(finalize(2, on: 1))))
    #expect(effects.contains(.certify(proposal(3, on: 2), parent: BlockReference(view: View(2), block: block(2)))))
  }

  @Test("C19: finalize votes of an old view finish it while the current view is being given up")
  func oldVotes() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(notarize(1, on: 0))))
    scene.feed(.certified(proposal(1, on: 0), result: result(1)))
    #expect(scene.wait(10 * Scene.delta).votes == [nullify(2)])
    scene.feed(.certificate(scene.others(nullify(2))))
    #expect(scene.machine.view == View(3))
    let votes = scene.feed(all: [0, 2, 3].map { .vote(vote(finalize(1, on: 0), $0)) })
    #expect(votes.contains(.finalized(scene.certificate(finalize(1, on: 0), without: [1]))))
    #expect(scene.machine.view == View(3))
    #expect(scene.machine.lastFinalized.view == View(1))
  }

  @Test("Finality reaches over views that were given up between")
  func notConsecutive() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(notarize(1, on: 0))))
    scene.feed(.certified(proposal(1, on: 0), result: result(1)))
    scene.feed(.certificate(scene.others(nullify(2))))
    scene.feed(.certificate(scene.others(notarize(3, on: 1))))
    let votes = scene.feed(.certified(proposal(3, on: 1), result: result(3))).votes
    #expect(votes == [finalize(3, on: 1)])
    scene.feed(.certificate(scene.others(finalize(3, on: 1))))
    #expect(scene.machine.lastFinalized == BlockReference(view: View(3), block: block(3)))
  }

  @Test("What cannot be executed for good is given up at once")
  func executionFails() {
    var scene = Scene()
    let notarization = scene.others(notarize(1, on: 0))
    scene.feed(.certificate(notarization))
    #expect(
      scene.feed(.certified(proposal(1, on: 0), result: nil))
        == [.gaveUp(View(1), .certificationFailed)] + brought(notarization, to: [1, 2, 3]) + [.vote(nullify(1))])
  }

  @Test("A verdict nobody asked for changes nothing")
  func unasked() {
    var scene = Scene()
    #expect(scene.feed(.certified(proposal(1, on: 0), result: result(1))) == [])
    #expect(scene.feed(.checked(proposal(1, on: 0), valid: true)) == [])
    #expect(scene.feed(.built(View(1), block: block(1))) == [])
    #expect(scene.machine.view == View(1))
  }

  @Test("Certificates that cannot both be true stop this node, with both shown")
  func contradiction() {
    var scene = Scene()
    let first = scene.others(notarize(2, on: 0, block: 1))
    scene.feed(.certificate(first))
    let second = scene.others(notarize(2, on: 0, block: 2))
    let effects = scene.feed(.certificate(second))
    #expect(effects.contains(.contradiction(first, second)))
    scene.feed(.work(true))
    #expect(scene.wait(100 * Scene.delta).votes == [])
  }

  @Test("C16: certificates with signers outside the set, too few or too many, change nothing")
  func malformed() {
    var scene = Scene()
    let good = scene.others(nullify(1))
    let outside = Certificate(
      statement: nullify(1), signers: [1, 2, 9].map { ValidatorIndex($0) }, signatures: good.signatures)
    let few = Certificate(
      statement: nullify(1), signers: [1, 2].map { ValidatorIndex($0) }, signatures: Array(good.signatures.prefix(2)))
    let many = Certificate(
      statement: nullify(1), signers: [0, 1, 2, 3].map { ValidatorIndex($0) },
      signatures: good.signatures + [good.signatures[0]])
    #expect(scene.feed(all: [.certificate(outside), .certificate(few), .certificate(many)]) == [])
    #expect(scene.machine.view == View(1))
  }
}

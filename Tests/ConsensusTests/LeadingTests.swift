import Consensus
import Primitives
import Testing

@Testing.Suite("Leading a view")
struct LeadingTests {
  /// Number 0 in its own view 4, after three views that were given up.
  private func leading() -> Scene {
    var scene = Scene()
    for view in UInt64(1)...3 { scene.feed(.certificate(scene.others(nullify(view)))) }
    return scene
  }

  @Test("C5: the own block is checked like any other before the own vote, which is the proposal")
  func story() {
    var scene = leading()
    let genesis = scene.machine.lastFinalized
    #expect(scene.feed(.work(true)) == [.build(View(4), parent: genesis, empty: false)])
    #expect(scene.feed(.work(true)) == [])
    let own = proposal(4, on: 0)
    #expect(scene.feed(.built(View(4), block: block(4))) == [.check(own, parent: genesis)])
    #expect(scene.feed(.checked(own, valid: true)) == [.vote(notarize(4, on: 0))])
  }

  @Test("C5: an own block that fails its check, or cannot be built, is given up at once")
  func failure() {
    var scene = leading()
    scene.feed(.work(true))
    scene.feed(.built(View(4), block: block(4)))
    let givenUp =
      [.gaveUp(View(4), .buildFailed)] + brought(scene.others(nullify(3)), to: [1, 2, 3]) + [.vote(nullify(4))]
    #expect(scene.feed(.checked(proposal(4, on: 0), valid: false)) == givenUp)
    var other = leading()
    other.feed(.work(true))
    #expect(other.feed(.built(View(4), block: nil)) == givenUp)
  }

  @Test("It builds on the highest usable view, over those that were given up")
  func parent() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(notarize(1, on: 0))))
    scene.feed(.certified(proposal(1, on: 0), result: result(1)))
    for view in UInt64(2)...3 { scene.feed(.certificate(scene.others(nullify(view)))) }
    #expect(
      scene.feed(.work(true)).contains(
        .build(View(4), parent: BlockReference(view: View(1), block: block(1)), empty: false)))
  }

  @Test("Without a nullification between it waits, asks for it, and builds when it comes")
  func notYet() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(nullify(3))))
    #expect(scene.feed(.work(true)) == [.fetch(FetchRequest(first: View(1), last: View(2), ask: nil))])
    scene.feed(.certificate(scene.others(nullify(1))))
    let effects = scene.feed(.certificate(scene.others(nullify(2))))
    #expect(effects.contains(.build(View(4), parent: scene.machine.lastFinalized, empty: false)))
  }

  @Test("A late notarization is executed although its nullification came first, and the leader builds on it")
  func lateNotarization() {
    var scene = Scene()
    for view in UInt64(1)...3 { scene.feed(.certificate(scene.others(nullify(view)))) }
    let effects = scene.feed(.certificate(scene.others(notarize(3, on: 0))))
    #expect(effects.contains(.certify(proposal(3, on: 0), parent: scene.machine.lastFinalized)))
    // No finalize: its nullification shows that it can never be final.
    #expect(scene.feed(.certified(proposal(3, on: 0), result: result(3))).votes == [])
    #expect(
      scene.feed(.work(true)) == [
        .build(View(4), parent: BlockReference(view: View(3), block: block(3)), empty: false)
      ])
  }

  @Test("C18: with nothing waiting it carries an unfinished block on, with an empty one, after half of the wait")
  func empty() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(notarize(3, on: 0))))
    scene.feed(.certificate(scene.others(nullify(2))))
    scene.feed(.certified(proposal(3, on: 0), result: result(3)))
    #expect(scene.machine.view == View(4))
    // Four views without finality: Δ has grown twice, by half.
    let grown = Scene.delta * 3 / 2 * 3 / 2
    #expect(scene.machine.nextDeadline == Tick(grown))
    #expect(scene.wait(grown - 1) == [])
    #expect(
      scene.wait(1) == [.build(View(4), parent: BlockReference(view: View(3), block: block(3)), empty: true)])
  }

  @Test("C18: with nothing to carry and nothing waiting it builds nothing, ever")
  func idle() {
    var scene = leading()
    #expect(scene.machine.nextDeadline == nil)
    #expect(scene.wait(600_000_000) == [])
    #expect(scene.machine.nextDeadline == nil)
  }

  @Test("When the transactions turn out to be gone it is asked again with the next ones, and may fall idle")
  func declined() {
    var scene = leading()
    scene.feed(.work(true))
    #expect(scene.feed(.declined(View(4))) == [])
    scene.feed(.work(false))
    #expect(scene.machine.nextDeadline == nil)
    #expect(
      scene.feed(.work(true)) == [.build(View(4), parent: scene.machine.lastFinalized, empty: false)])
  }

  @Test("A block that comes after the view was given up is not proposed")
  func tooLate() {
    var scene = leading()
    scene.feed(.work(true))
    var votes: [Statement] = []
    for _ in 0..<6 { votes += scene.wait(Scene.delta).votes }
    #expect(votes == [nullify(4)])
    #expect(scene.feed(.built(View(4), block: block(4))) == [])
    #expect(scene.feed(.checked(proposal(4, on: 0), valid: true)) == [])
  }

  @Test("One validator alone makes blocks and finality with its own durable votes")
  func alone() {
    var scene = Scene(validators: 1)
    #expect(scene.feed(.work(true)) == [.build(View(1), parent: scene.machine.lastFinalized, empty: false)])
    scene.feed(.built(View(1), block: block(1)))
    #expect(scene.feed(.checked(proposal(1, on: 0), valid: true)) == [.vote(notarize(1, on: 0))])
    let notarization = scene.certificate(notarize(1, on: 0))
    #expect(
      scene.feed(.vote(vote(notarize(1, on: 0), 0)))
        == [
          .append(notarization), .broadcast(notarization),
          .certify(proposal(1, on: 0), parent: scene.machine.lastFinalized),
        ])
    scene.feed(.work(false))
    #expect(
      scene.feed(.certified(proposal(1, on: 0), result: result(1))) == [.vote(finalize(1, on: 0)), .enter(View(2))])
    scene.feed(.vote(vote(finalize(1, on: 0), 0)))
    #expect(scene.machine.lastFinalized.view == View(1))
    #expect(scene.machine.nextDeadline == nil)
  }
}

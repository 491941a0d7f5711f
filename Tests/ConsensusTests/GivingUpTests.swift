import Consensus
import Primitives
import Testing

@Testing.Suite("Time-outs")
struct GivingUpTests {
  @Test("Without a proposal the view is given up after 2Δ, and said again at every interval")
  func noProposal() {
    var scene = Scene()
    scene.feed(.work(true))
    #expect(scene.machine.nextDeadline == Tick(2 * Scene.delta))
    #expect(scene.wait(2 * Scene.delta - 1) == [])
    #expect(scene.wait(1) == [.gaveUp(View(1), .noProposal), .vote(nullify(1))])
    // Until the record is durable there is nothing to send.
    #expect(scene.wait(Scene.retry) == [])
    let own = vote(nullify(1), 0)
    scene.feed(.vote(own))
    #expect(scene.wait(Scene.retry) == [.resend(own)])
    #expect(scene.wait(Scene.retry) == [.resend(own)])
    scene.feed(.certificate(scene.others(nullify(1))))
    #expect(scene.wait(Scene.retry) == [])
  }

  @Test("With the vote goes the certificate that brings others into the view, and the block to build on")
  func entering() {
    var scene = Scene()
    scene.feed(.certificate(scene.others(notarize(1, on: 0))))
    scene.feed(.certified(proposal(1, on: 0), result: result(1)))
    scene.feed(.certificate(scene.others(nullify(2))))
    var effects: [ConsensusEffect] = []
    for _ in 0..<10 { effects += scene.wait(Scene.delta) }
    #expect(effects.votes == [nullify(3)])
    #expect(
      effects.suffix(2) == [
        .resendCertificate(scene.others(nullify(2))), .resendCertificate(scene.others(notarize(1, on: 0))),
      ])
  }

  @Test("With a proposal the view has 3Δ until it is certified")
  func notCertified() {
    var scene = Scene()
    scene.feed(.vote(vote(notarize(1, on: 0), 1)))
    #expect(scene.machine.nextDeadline == Tick(3 * Scene.delta))
    #expect(scene.wait(3 * Scene.delta) == [.gaveUp(View(1), .notCertified), .vote(nullify(1))])
  }

  @Test("f + 1 others that give the view up count as the own time-out, f do not")
  func others() {
    var scene = Scene()
    #expect(scene.feed(.vote(vote(nullify(1), 2))) == [])
    #expect(scene.feed(.vote(vote(nullify(1), 3))) == [.gaveUp(View(1), .othersGaveUp), .vote(nullify(1))])
  }

  @Test("A leader that gives up its own view is not waited for")
  func leader() {
    var scene = Scene()
    scene.feed(.work(true))
    #expect(scene.feed(.vote(vote(nullify(1), 1))) == [.gaveUp(View(1), .leaderNullified), .vote(nullify(1))])
  }

  @Test("A leader silent for long is not waited for, if a quorum was heard and there is work")
  func silent() {
    var scene = Scene(silence: 50_000)
    scene.now = 60_000
    scene.feed(all: [2, 3].map { .heard(ValidatorIndex($0)) })
    #expect(scene.machine.nextDeadline == nil)
    #expect(scene.feed(.work(true)) == [.gaveUp(View(1), .leaderSilent), .vote(nullify(1))])

    var heard = Scene(silence: 50_000)
    heard.now = 60_000
    heard.feed(all: [1, 2, 3].map { .heard(ValidatorIndex($0)) })
    #expect(heard.feed(.work(true)) == [])
  }

  @Test("After notarize a view may be given up; after that neither notarize nor finalize follows")
  func notarizeThenNullify() {
    var scene = Scene()
    scene.feed(.vote(vote(notarize(1, on: 0), 1)))
    #expect(scene.feed(.checked(proposal(1, on: 0), valid: true)).votes == [notarize(1, on: 0)])
    #expect(scene.wait(3 * Scene.delta).votes == [nullify(1)])
    scene.feed(.certificate(scene.others(notarize(1, on: 0))))
    #expect(scene.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
  }

  enum Moment: CaseIterable { case quorum, timer, nextView }

  @Test("C3: quorum, timer and next view in every order: never nullify and finalize, and no timer acts late")
  func orders() {
    let moments = Moment.allCases
    for first in moments {
      for second in moments where second != first {
        for third in moments where third != first && third != second {
          var scene = Scene()
          scene.feed(.vote(vote(notarize(1, on: 0), 1)))
          var votes = scene.feed(.checked(proposal(1, on: 0), valid: true)).votes
          scene.feed(.vote(vote(notarize(1, on: 0), 0)))
          scene.now = 3 * Scene.delta
          for moment in [first, second, third] {
            let before = scene.machine.view
            var effects: [ConsensusEffect] = []
            switch moment {
            case .quorum:
              effects += scene.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) })
              effects += scene.feed(.certified(proposal(1, on: 0), result: result(1)))
            case .timer: effects += scene.feed(.tick)
            case .nextView: effects += scene.feed(.certificate(scene.others(nullify(1))))
            }
            votes += effects.votes
            if before > View(1) { #expect(!effects.votes.contains(nullify(1)), "\(first) \(second) \(third)") }
          }
          let order = "\(first) \(second) \(third): \(votes)"
          #expect(!(votes.contains(nullify(1)) && votes.contains(finalize(1, on: 0))), "\(order)")
          #expect(votes.filter { $0.kind == .nullify }.count <= 1, "\(order)")
          #expect(scene.machine.view == View(2), "\(order)")
          #expect(votes.contains(finalize(1, on: 0)) == (first == .quorum), "\(order)")
        }
      }
    }
  }

  @Test("The wait grows while nothing is final, stays under its cap, and is normal after the next finality")
  func growth() {
    var scene = Scene(cap: 3_000)
    scene.feed(.work(true))
    var waits: [UInt64] = []
    for view in UInt64(1)...6 {
      scene.feed(.certificate(scene.others(nullify(view))))
      // The own view, 4, has a deadline before that of the proposal.
      if view != 3 { waits.append((scene.machine.nextDeadline?.rawValue ?? 0) - scene.now) }
    }
    #expect(waits == [2_000, 3_000, 6_000, 6_000, 6_000])
    scene.feed(.certificate(scene.others(finalize(100, on: 0))))
    #expect(scene.machine.nextDeadline == Tick(scene.now + 2 * Scene.delta))
  }

  @Test("A clock that runs backwards fires nothing and breaks nothing")
  func backwards() {
    var scene = Scene()
    scene.now = 1_000_000
    scene.feed(.work(true))
    scene.now = 5
    #expect(scene.feed(.tick) == [])
    #expect(scene.machine.nextDeadline == Tick(1_000_000 + 2 * Scene.delta))
  }
}

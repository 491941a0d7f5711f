import Consensus
import Primitives
import Testing

@Testing.Suite("Time-outs")
struct TimeoutTests {
  @Test("Without a proposal the view is given up after 2Δ, and the vote is repeated at every interval")
  func noProposal() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    #expect(harness.machine.nextDeadline == Tick(2 * ConsensusHarness.delta))
    #expect(harness.wait(2 * ConsensusHarness.delta - 1) == [])
    #expect(harness.wait(1) == [.gaveUp(View(1), .noProposal), .vote(nullify(1))])
    // Until the record is durable there is nothing to send.
    #expect(harness.wait(ConsensusHarness.retry) == [])
    let own = vote(nullify(1), 0)
    harness.feed(.vote(own))
    #expect(harness.wait(ConsensusHarness.retry) == [.resend(own)])
    #expect(harness.wait(ConsensusHarness.retry) == [.resend(own)])
    harness.feed(.certificate(harness.others(nullify(1))))
    #expect(harness.wait(ConsensusHarness.retry) == [])
  }

  @Test("The vote is sent with the certificate that brings others into the view, and with the block to build on")
  func entering() {
    var harness = ConsensusHarness()
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    harness.feed(.certified(proposal(1, on: 0), result: result(1)))
    harness.feed(.certificate(harness.others(nullify(2))))
    var effects: [ConsensusEffect] = []
    for _ in 0..<10 { effects += harness.wait(ConsensusHarness.delta) }
    #expect(effects.votes == [nullify(3)])
    #expect(
      effects.suffix(2) == [
        .resendCertificate(harness.others(nullify(2))), .resendCertificate(harness.others(notarize(1, on: 0))),
      ])
  }

  @Test("With a proposal the view has 3Δ until it is certified")
  func notCertified() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 1)))
    #expect(harness.machine.nextDeadline == Tick(3 * ConsensusHarness.delta))
    #expect(harness.wait(3 * ConsensusHarness.delta) == [.gaveUp(View(1), .notCertified), .vote(nullify(1))])
  }

  @Test("f + 1 others that give up the view count as a time-out, f do not")
  func others() {
    var harness = ConsensusHarness()
    #expect(harness.feed(.vote(vote(nullify(1), 2))) == [])
    #expect(harness.feed(.vote(vote(nullify(1), 3))) == [.gaveUp(View(1), .othersGaveUp), .vote(nullify(1))])
  }

  @Test("A leader that gives up its own view is not waited for")
  func leader() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    #expect(harness.feed(.vote(vote(nullify(1), 1))) == [.gaveUp(View(1), .leaderNullified), .vote(nullify(1))])
  }

  @Test("A leader that has long been silent is not waited for, if a quorum was heard and there is work")
  func silent() {
    var harness = ConsensusHarness(silence: 50_000)
    harness.now = 60_000
    harness.feed(all: [2, 3].map { .heard(ValidatorIndex($0)) })
    #expect(harness.machine.nextDeadline == nil)
    #expect(harness.feed(.work(true)) == [.gaveUp(View(1), .leaderSilent), .vote(nullify(1))])

    var heard = ConsensusHarness(silence: 50_000)
    heard.now = 60_000
    heard.feed(all: [1, 2, 3].map { .heard(ValidatorIndex($0)) })
    #expect(heard.feed(.work(true)) == [])
  }

  @Test("After notarize a view may be given up; after that neither notarize nor finalize follows")
  func notarizeThenNullify() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 1)))
    #expect(harness.feed(.checked(proposal(1, on: 0), valid: true)).votes == [notarize(1, on: 0)])
    #expect(harness.wait(3 * ConsensusHarness.delta).votes == [nullify(1)])
    harness.feed(.certificate(harness.others(notarize(1, on: 0))))
    #expect(harness.feed(.certified(proposal(1, on: 0), result: result(1))) == [.enter(View(2))])
  }

  enum Moment: CaseIterable { case quorum, timer, nextView }

  @Test("C3: quorum, timer and next view in every order: never nullify and finalize, and no timer acts late")
  func orders() {
    let moments = Moment.allCases
    for first in moments {
      for second in moments where second != first {
        for third in moments where third != first && third != second {
          var harness = ConsensusHarness()
          harness.feed(.vote(vote(notarize(1, on: 0), 1)))
          var votes = harness.feed(.checked(proposal(1, on: 0), valid: true)).votes
          harness.feed(.vote(vote(notarize(1, on: 0), 0)))
          harness.now = 3 * ConsensusHarness.delta
          for moment in [first, second, third] {
            let before = harness.machine.view
            var effects: [ConsensusEffect] = []
            switch moment {
            case .quorum:
              effects += harness.feed(all: [2, 3].map { .vote(vote(notarize(1, on: 0), $0)) })
              effects += harness.feed(.certified(proposal(1, on: 0), result: result(1)))
            case .timer: effects += harness.feed(.tick)
            case .nextView: effects += harness.feed(.certificate(harness.others(nullify(1))))
            }
            votes += effects.votes
            if before > View(1) { #expect(!effects.votes.contains(nullify(1)), "\(first) \(second) \(third)") }
          }
          let order = "\(first) \(second) \(third): \(votes)"
          #expect(!(votes.contains(nullify(1)) && votes.contains(finalize(1, on: 0))), "\(order)")
          #expect(votes.filter { $0.kind == .nullify }.count <= 1, "\(order)")
          #expect(harness.machine.view == View(2), "\(order)")
          #expect(votes.contains(finalize(1, on: 0)) == (first == .quorum), "\(order)")
        }
      }
    }
  }

  @Test("The wait grows while nothing is final, stays under its cap, and is normal after the next finality")
  func growth() {
    var harness = ConsensusHarness(cap: 3_000)
    harness.feed(.work(true))
    var waits: [UInt64] = []
    for view in UInt64(1)...6 {
      harness.feed(.certificate(harness.others(nullify(view))))
      // The own view, 4, has a deadline before that of the proposal.
      if view != 3 { waits.append((harness.machine.nextDeadline?.rawValue ?? 0) - harness.now) }
    }
    #expect(waits == [2_000, 3_000, 6_000, 6_000, 6_000])
    harness.feed(.certificate(harness.others(finalize(100, on: 0))))
    #expect(harness.machine.nextDeadline == Tick(harness.now + 2 * ConsensusHarness.delta))
  }

  @Test("A clock that runs backwards triggers nothing and breaks nothing")
  func backwards() {
    var harness = ConsensusHarness()
    harness.now = 1_000_000
    harness.feed(.work(true))
    harness.now = 5
    #expect(harness.feed(.tick) == [])
    #expect(harness.machine.nextDeadline == Tick(1_000_000 + 2 * ConsensusHarness.delta))
  }
}

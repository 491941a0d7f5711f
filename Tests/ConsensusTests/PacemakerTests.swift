import Primitives
import Testing

@testable import Consensus

@Testing.Suite("Timers")
struct PacemakerTests {
  @Test("C6: the assumed delay grows by half for every view without finality, and never past its cap")
  func growth() {
    let grown = (1...8).map { Pacemaker.delta(base: 1_000, cap: 4_000, views: $0) }
    #expect(grown == [1_000, 1_000, 1_500, 2_250, 3_375, 4_000, 4_000, 4_000])
    #expect(Pacemaker.delta(base: 1, cap: 4_000_000, views: .max) == 4_000_000)
    #expect(Pacemaker.delta(base: .max, cap: .max, views: .max) == .max)
  }

  @Test("A proposal is waited for 2Δ, a certification 3Δ, half of the first for a leader")
  func deadlines() {
    var pacemaker = Pacemaker()
    #expect(pacemaker.next == nil)
    pacemaker.arm(delta: 10, leading: true, now: Tick(100))
    #expect(pacemaker.next == Tick(110))
    pacemaker.spendHalf(now: Tick(110))
    #expect(pacemaker.halfSpent)
    #expect(pacemaker.next == Tick(120))
    #expect(pacemaker.expired(now: Tick(119)) == nil)
    #expect(pacemaker.expired(now: Tick(120)) == .noProposal)
    pacemaker.proposalSeen()
    #expect(pacemaker.next == Tick(130))
    #expect(pacemaker.expired(now: Tick(129)) == nil)
    #expect(pacemaker.expired(now: Tick(130)) == .notCertified)
    pacemaker.disarm()
    #expect(pacemaker.next == nil)
    #expect(pacemaker.expired(now: Tick(1_000)) == nil)
    pacemaker.checkInvariants()
  }

  @Test("Missing data is requested immediately, then again after the interval, then from any peer")
  func fetching() {
    var schedule = FetchSchedule()
    let first = FetchRequest(epoch: .first, first: View(3), last: View(5), ask: ValidatorIndex(2))
    let anybody = FetchRequest(epoch: .first, first: View(3), last: View(5), ask: nil)
    #expect(schedule.request(first, every: 10, now: Tick(100)) == first)
    #expect(schedule.request(first, every: 10, now: Tick(109)) == nil)
    #expect(schedule.deadline == Tick(110))
    #expect(schedule.request(first, every: 10, now: Tick(110)) == anybody)
    let next = FetchRequest(epoch: .first, first: View(4), last: View(5), ask: ValidatorIndex(2))
    #expect(schedule.request(next, every: 10, now: Tick(111)) == next)
    #expect(schedule.request(nil, every: 10, now: Tick(112)) == nil)
    #expect(schedule.deadline == nil)
  }

  @Test("Silence counts only if a quorum was heard")
  func silence() {
    var peers = PeerActivity(validators: 4, now: Tick(0))
    let leader = ValidatorIndex(1)
    func silent(_ now: UInt64) -> Bool {
      peers.isSilent(leader, own: ValidatorIndex(0), quorum: 3, silence: 100, now: Tick(now))
    }
    func heard(_ validator: UInt16, _ now: UInt64) -> Bool {
      peers.heard(ValidatorIndex(validator), silence: 100, now: Tick(now))
    }
    #expect(!silent(100))
    #expect(!silent(101))
    #expect(heard(2, 150), "it was silent before")
    #expect(!silent(200))
    #expect(heard(3, 200))
    #expect(silent(200))
    #expect(heard(1, 200))
    #expect(!silent(200))
    #expect(!heard(1, 300), "it was heard just before")
    #expect(!heard(9, 200), "there is no such validator")
  }
}

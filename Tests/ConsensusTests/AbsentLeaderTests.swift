import Primitives
import Testing

@testable import Consensus

@Testing.Suite("A leader without a link")
struct AbsentLeaderTests {
  private let leader = ValidatorIndex(1)

  /// Validator 0 of four, in view 1 of which 1 is the leader, with a transaction waiting.
  private func machine(linked: [UInt16]) -> Consensus {
    var machine = Consensus(
      ConsensusConfiguration(
        validators: validatorSet(4), own: ValidatorIndex(0), openingBlock: Digest(1, 1, 1, 1),
        deltaMicroseconds: 1000, maximumDeltaMicroseconds: 4000, retryMicroseconds: 1000), now: Tick(0))
    var effects: [ConsensusEffect] = []
    for peer in linked { machine.step(.linked(ValidatorIndex(peer), true), now: Tick(0), effects: &effects) }
    machine.step(.work(true), now: Tick(10), effects: &effects)
    return machine
  }

  private func reasons(_ machine: inout Consensus, at tick: UInt64) -> [TimeoutReason] {
    var effects: [ConsensusEffect] = []
    machine.step(.tick, now: Tick(tick), effects: &effects)
    return effects.compactMap { if case .gaveUp(_, let reason) = $0 { reason } else { nil } }
  }

  @Test("its view is given up Δ/2 after the link was lost, if there are links to a quorum")
  func lost() {
    var machine = machine(linked: [1, 2, 3])
    var effects: [ConsensusEffect] = []
    machine.step(.linked(leader, false), now: Tick(20), effects: &effects)
    #expect(machine.nextDeadline == Tick(520))
    #expect(reasons(&machine, at: 519) == [])
    #expect(reasons(&machine, at: 520) == [.leaderAbsent])
  }

  @Test("a link that is restored in that time costs no view")
  func flapping() {
    var machine = machine(linked: [1, 2, 3])
    var effects: [ConsensusEffect] = []
    machine.step(.linked(leader, false), now: Tick(20), effects: &effects)
    machine.step(.linked(leader, true), now: Tick(400), effects: &effects)
    #expect(reasons(&machine, at: 600) == [])
    #expect(reasons(&machine, at: 2100) == [.noProposal])
  }

  @Test("a validator without links to a quorum blames no leader")
  func alone() {
    var machine = machine(linked: [2])
    #expect(reasons(&machine, at: 600) == [])
  }
}

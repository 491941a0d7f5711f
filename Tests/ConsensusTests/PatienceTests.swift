import Primitives
import Testing

@testable import Consensus

@Testing.Suite("How long each leader is waited for")
struct PatienceTests {
  private static let delta: UInt64 = 32_000
  private let suspect = ValidatorIndex(1)

  /// That of validator 0 of four, where the views of the others took `times` microseconds.
  private func patience(_ times: [UInt16: UInt64] = [0: 500, 2: 1000, 3: 3000]) -> Patience {
    var patience = Patience(validatorSet(4))
    for (leader, time) in times {
      patience.certified(ValidatorIndex(leader), after: time, delta: Self.delta, now: Tick(0))
    }
    return patience
  }

  private func wait(_ patience: Patience, at now: UInt64 = 100_000) -> UInt64? {
    patience.shortWait(for: suspect, delta: Self.delta, now: Tick(now))
  }

  private func giveUp(_ patience: inout Patience, after time: UInt64 = 64_000, at now: UInt64 = 100_000) {
    patience.gaveUp(suspect, after: time, delta: Self.delta, now: Tick(now))
  }

  @Test("H12: a leader that cost a full wait gets four times what is usual, for sixteen times as long")
  func probation() {
    var patience = patience()
    #expect(wait(patience) == nil)
    giveUp(&patience)
    #expect(wait(patience) == 4000)
    let end = 100_000 + 16 * (64_000 - 4000)
    #expect(wait(patience, at: UInt64(end - 1)) == 4000)
    #expect(wait(patience, at: UInt64(end)) == nil)
  }

  @Test(
    "H12: each view lost to the short wait halves it, three times; it begins again then, and after a view that was certified"
  )
  func halved() {
    var patience = patience()
    giveUp(&patience)
    var waits: [UInt64?] = []
    for _ in 0..<6 {
      giveUp(&patience, after: 0)
      waits.append(wait(patience))
    }
    #expect(waits == [2000, 1000, 500, 4000, 2000, 1000])
    patience.certified(suspect, after: 100, delta: Self.delta, now: Tick(100_000))
    #expect(wait(patience) == 4000)
  }

  @Test("H12: after its probation a leader gets the full waits again, and one that wastes them the first short wait")
  func again() {
    var patience = patience()
    giveUp(&patience)
    for _ in 0..<5 { giveUp(&patience, after: 0) }
    #expect(wait(patience, at: 2_000_000) == nil)
    giveUp(&patience, at: 2_000_000)
    #expect(wait(patience, at: 2_000_001) == 4000)
  }

  @Test("H12: no probation is longer than sixteen full waits times f")
  func bounded() {
    var patience = Patience(validatorSet(7))
    for leader in [0, 2, 3, 4] as [UInt16] {
      patience.certified(ValidatorIndex(leader), after: 1000, delta: Self.delta, now: Tick(0))
    }
    for _ in 0..<100 { patience.gaveUp(suspect, after: 1 << 40, delta: Self.delta, now: Tick(0)) }
    let end = 2 * 16 * 2 * Self.delta
    #expect(patience.shortWait(for: suspect, delta: Self.delta, now: Tick(end - 1)) != nil)
    #expect(patience.shortWait(for: suspect, delta: Self.delta, now: Tick(end)) == nil)
  }

  @Test("H12: f leaders cannot stretch what is usual, and a thirty-second of Δ is always usual")
  func usual() {
    var slow = patience([0: 500, 2: 1000, 3: 1 << 40])
    giveUp(&slow)
    #expect(wait(slow) == 4000)
    var quick = patience([0: 1, 2: 2, 3: 3])
    giveUp(&quick)
    #expect(wait(quick) == 1000)
  }

  @Test("H12: nobody is on probation while it is not known what is usual")
  func unknown() {
    var patience = patience([0: 500])
    giveUp(&patience)
    #expect(wait(patience) == nil)
  }

  @Test("H12: a leader may need half of Δ, or four times what the others need, as often as it leads")
  func distant() {
    var near = patience()
    near.certified(suspect, after: Self.delta / 2, delta: Self.delta, now: Tick(100_000))
    #expect(wait(near) == nil)
    near.certified(suspect, after: Self.delta, delta: Self.delta, now: Tick(100_000))
    #expect(wait(near) == 4000)
    var far = patience([0: 9000, 2: 9000, 3: 9000])
    far.certified(suspect, after: 36_000, delta: Self.delta, now: Tick(100_000))
    #expect(wait(far) == nil)
  }

  /// Lets the machine's view be certified `time` after it began.
  private func certify(_ harness: inout ConsensusHarness, after time: UInt64) {
    let view = harness.machine.view.rawValue
    let parent = harness.machine.highestUsable.view.rawValue
    let statement = notarize(view, on: parent)
    harness.now += time
    harness.feed(.certificate(harness.others(statement)))
    harness.feed(.certified(proposal(view, on: parent), result: result(view)))
    harness.feed(.certificate(harness.others(finalize(view, on: parent))))
  }

  private func gaveUp(_ effects: [ConsensusEffect]) -> [TimeoutReason] {
    effects.compactMap { if case .gaveUp(_, let reason) = $0 { reason } else { nil } }
  }

  @Test("H12: a leader that did not propose is given up after the short wait in its next view, and the others are not")
  func machine() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    certify(&harness, after: 10)
    certify(&harness, after: 10)
    // View 3: its leader does not propose.
    #expect(gaveUp(harness.wait(2 * ConsensusHarness.delta)) == [.noProposal])
    harness.feed(.certificate(harness.others(nullify(3))))
    for _ in 4...6 { certify(&harness, after: 10) }
    #expect(harness.machine.view == View(7))
    #expect(harness.machine.nextDeadline == Tick(harness.now + 40))
    #expect(gaveUp(harness.wait(40)) == [.noProposal])
    harness.feed(.certificate(harness.others(nullify(7))))
    certify(&harness, after: 10)
    #expect(harness.machine.nextDeadline == Tick(harness.now + 3 * ConsensusHarness.delta))
  }

  @Test("H12: once more than f + 2 views in a row gave no final block, all leaders get the full waits")
  func standstill() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    certify(&harness, after: 10)
    certify(&harness, after: 10)
    harness.wait(2 * ConsensusHarness.delta)
    harness.feed(.certificate(harness.others(nullify(3))))
    for _ in 4...5 { certify(&harness, after: 10) }
    harness.feed(.certificate(harness.others(nullify(6))))
    #expect(harness.machine.nextDeadline == Tick(harness.now + 40))
    harness.feed(.certificate(harness.others(nullify(7))))
    harness.feed(.certificate(harness.others(nullify(10))))
    #expect(harness.machine.view == View(11))
    // View 7 would be the third after the last final one, so it is cut short; view 11 is not.
    let full = 2 * Pacemaker.delta(base: ConsensusHarness.delta, cap: 8_000, views: 6)
    #expect(harness.machine.nextDeadline == Tick(harness.now + full))
  }
}

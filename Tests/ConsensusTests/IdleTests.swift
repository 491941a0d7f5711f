import Consensus
import Primitives
import Testing

@Testing.Suite("An idle chain")
struct IdleTests {
  static let tenMinutes: UInt64 = 600_000_000

  @Test(
    "C18: ten idle minutes, then one transaction, whichever leader is dead: final in two time-outs",
    arguments: 1...7)
  func oneTransaction(validators: Int) {
    for dead in 0..<validators where validators >= 4 {
      idleThenOne(validators: validators, dead: dead)
    }
    idleThenOne(validators: validators, dead: nil)
  }

  private func idleThenOne(validators: Int, dead: Int?) {
    var settings = Network.Settings()
    settings.validators = validators
    settings.seed = UInt64(validators * 10 + (dead ?? 9))
    let network = Network(settings)
    network.submit(1, to: 0)
    #expect(network.run(limit: 1_000_000) { $0.isFinalEverywhere(1) })
    if let dead { network.crash(dead) }
    // What is still under way comes to rest; then nothing at all happens for ten minutes.
    network.run(until: network.now + 1_000_000)
    let sent = network.sent
    let steps = network.steps
    network.run(until: network.now + Self.tenMinutes)
    #expect(network.sent == sent && network.steps == steps, "an idle chain sends and steps")
    for index in network.instances.indices { #expect(network.instances[index].machine?.nextDeadline == nil) }

    let alive = network.instances.indices.filter { $0 != dead }
    network.submit(2, to: alive[0])
    let timeOut = 3 * settings.delta
    let done = network.run(limit: network.now + 2 * timeOut) { network in
      alive.allSatisfy { network.finalizedAt[2]?[$0] != nil }
    }
    #expect(done, "n \(validators), dead \(dead.map(String.init) ?? "nobody")")
    #expect(network.spy.findings.isEmpty, "\(network.spy.findings)")
  }

  @Test("A leader that has long been silent costs no wait at all, if the others are heard")
  func silentLeader() {
    var settings = Network.Settings()
    settings.keepAlive = 400_000
    let network = Network(settings)
    network.submit(1, to: 0)
    network.run(until: 100_000)
    // View 2 comes next; its leader is number 2.
    network.crash(2)
    network.run(until: 5_000_000)
    let start = network.now
    network.submit(2, to: 0)
    let done = network.run(limit: start + 2 * settings.delta) { network in
      [0, 1, 3].allSatisfy { network.finalizedAt[2]?[$0] != nil }
    }
    #expect(done)
    #expect(network.instances[0].gaveUp.contains(.leaderSilent))
  }

  @Test("C18: a transaction that disappears leaves no timer running")
  func workEnds() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    #expect(harness.machine.nextDeadline != nil)
    #expect(harness.feed(.work(false)) == [])
    #expect(harness.machine.nextDeadline == nil)
    #expect(harness.wait(IdleTests.tenMinutes) == [])
  }

  @Test("Votes of f + 1 others are work, those of f are not")
  func othersWork() {
    var harness = ConsensusHarness()
    harness.feed(.vote(vote(notarize(1, on: 0), 2)))
    #expect(harness.machine.nextDeadline == nil)
    harness.feed(.vote(vote(notarize(1, on: 0), 3)))
    #expect(harness.machine.nextDeadline == Tick(2 * ConsensusHarness.delta))
  }

  @Test("A given-up view without work rests, and resumes with the next work")
  func restAndResume() {
    var harness = ConsensusHarness()
    harness.feed(.work(true))
    harness.wait(2 * ConsensusHarness.delta)
    let own = vote(nullify(1), 0)
    harness.feed(.vote(own))
    harness.feed(.work(false))
    #expect(harness.machine.nextDeadline == nil)
    harness.feed(.work(true))
    #expect(harness.wait(ConsensusHarness.retry) == [.resend(own)])
  }
}

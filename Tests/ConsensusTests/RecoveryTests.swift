import Consensus
import Primitives
import Testing

@Testing.Suite("Difficult starting points")
struct RecoveryTests {
  /// A certificate by `signers`, with their votes.
  private func certificate(_ statement: Statement, _ signers: [Int]) -> Certificate {
    Certificate(
      statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
      signatures: signers.map { vote(statement, $0).signature })
  }

  @Test("C1: two blocks notarized in two views, each known to one node, and f crashed: it still commits")
  func twoPrepared() {
    var settings = Network.Settings()
    settings.validators = 4
    let network = Network(settings)
    let first = network.newBlock(parent: Network.genesis, transactions: [])
    let second = network.newBlock(parent: Network.genesis, transactions: [])
    let one = Statement.notarize(Proposal(epoch: .first, view: View(1), parent: .genesis, block: first))
    let two = Statement.notarize(Proposal(epoch: .first, view: View(2), parent: .genesis, block: second))
    let said: [[Statement]] = [
      [one, nullify(1), nullify(2)], [one, nullify(1), two, nullify(2)], [nullify(1), two, nullify(2)],
    ]
    let known: [[Certificate]] = [
      [certificate(one, [0, 1, 3])], [certificate(two, [1, 2, 3])], [],
    ]
    network.crash(3)
    for index in 0...2 {
      network.crash(index)
      network.instances[index].log =
        said[index].map { .vote(vote($0, index)) } + known[index].map { .certificate($0) }
        + [.certificate(certificate(nullify(1), [0, 1, 2])), .certificate(certificate(nullify(2), [0, 1, 2]))]
      network.instances[index].durable = network.instances[index].log.count
      for record in network.instances[index].log {
        if case .certificate(let certificate) = record { network.spy.certified(certificate) }
      }
    }
    for index in 0...2 { network.restart(index) }
    network.submit(1, to: 2)
    let done = network.run(limit: network.now + 1_000_000) { network in
      (0...2).allSatisfy { network.finalizedAt[1]?[$0] != nil }
    }
    #expect(done)
    network.spy.finish()
    #expect(network.spy.findings.isEmpty, "\(network.spy.findings)")
  }

  @Test("C6: all restart in random views with grown timers: final within two capped time-outs", arguments: 1...7)
  func driftedApart(validators: Int) {
    for seed in 1...20 as ClosedRange<UInt64> {
      var settings = Network.Settings()
      settings.validators = validators
      settings.seed = seed
      let network = Network(settings)
      // A quorum gave up view after view; it stands in the last two of them, the others anywhere before.
      let quorum = Quorum(validators: validators).size
      let last = network.draw(2...60)
      for index in network.instances.indices {
        network.crash(index)
        let known = index < quorum ? network.draw(last - 1...last) : network.draw(0...last)
        var log: [Network.Record] = []
        for view in 0..<known {
          if index < quorum { log.append(.vote(vote(nullify(view + 1), index))) }
          log.append(.certificate(certificate(nullify(view + 1), Array(0..<quorum))))
        }
        if index < quorum, known < last { log.append(.vote(vote(nullify(last), index))) }
        network.instances[index].log = log
        network.instances[index].durable = log.count
      }
      for view in 1...last { network.spy.certified(certificate(nullify(view), Array(0..<quorum))) }
      for index in network.instances.indices { network.restart(index) }
      let start = network.now
      network.submit(1, to: 0)
      let limit = start + 2 * 3 * settings.cap
      #expect(network.run(limit: limit) { $0.isFinalEverywhere(1) }, "seed \(seed)")
      #expect(network.spy.findings.isEmpty, "\(network.spy.findings)")
    }
  }

  @Test("C19: finality of one view and the end of the next do not wait for each other", arguments: 4...7)
  func commitDuringViewChange(validators: Int) {
    for seed in 1...20 as ClosedRange<UInt64> {
      var settings = Network.Settings()
      settings.validators = validators
      settings.seed = seed
      // Finalize votes of view 1 come when view 2, whose leader is dead, is being given up.
      settings.sync = 0...(4 * settings.delta)
      let network = Network(settings)
      network.crash(2)
      network.submit(1, to: 0)
      let done = network.run(limit: 1_000_000) { network in
        network.honest.allSatisfy { $0 == 2 || network.finalizedAt[1]?[$0] != nil }
      }
      #expect(done, "seed \(seed)")
      #expect(network.spy.findings.isEmpty, "\(network.spy.findings)")
    }
  }
}

import BlockLog
import Ledger
import NodeCore
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

/// What a log says of its owner was said by the validator that starts from it, or the node listens.
@Testing.Suite("The owner of the votes in a log")
struct OwnershipTests {
  /// A node that gave a view up, so that its log holds an own vote.
  private func harness(own: Int) throws -> ReplicaHarness {
    let harness = try ReplicaHarness(own: own)
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 20_000)
    try #require(harness.log.contains { $0.kind == .vote })
    return harness
  }

  /// Whether the node that starts from this log listens.
  private func mustListen(
    _ harness: ReplicaHarness, own: Int, _ log: [PendingRecord]? = nil, isNamed: Bool = true
  ) throws -> Bool {
    let genesis = harness.population.genesis
    let own = ValidatorIndex(UInt16(own))
    var owner = CoreHarness.owner(genesis, own)
    if !isNamed { owner.writer = nil }
    let disk = try CoreHarness.disk(log ?? harness.log, owner: owner)
    do throws(StartupError) {
      return try CoreHarness.open(disk, genesis: genesis, own: own, holds: { harness.ring.holds($0) })
        .use { _, restoration, _ in restoration.mustListen }
    } catch {
      guard case .records(let refusal) = error else { throw error }
      throw refusal
    }
  }

  @Test("C7: a log with another validator's votes is refused with both keys, even if it names no writer")
  func foreignVotes() throws {
    let harness = try harness(own: 0)
    for isNamed in [true, false] {
      let error = #expect(throws: RestorationError.self) {
        _ = try mustListen(harness, own: 1, isNamed: isNamed)
      }
      #expect(error?.cause == .foreignVote(own: harness.population.voteKeys[1], found: harness.population.voteKeys[0]))
      #expect(error?.code == "log.wrong-writer")
      for key in harness.population.voteKeys[0...1] { #expect(error?.explanation.contains("\(key)") == true) }
    }
  }

  @Test("C7: a vote under this node's name that another key signed is refused, whichever writer the log names")
  func forgedSignature() throws {
    let harness = try harness(own: 0)
    var log = harness.log
    let place = try #require(log.lastIndex { $0.kind == .vote })
    var vote = try Vote(payload: log[place].payload)
    vote.signature = Signature(first: vote.signature.first, second: .zero)
    log[place] = PendingRecord(vote, height: log[place].height)
    let error = #expect(throws: RestorationError.self) {
      _ = try mustListen(harness, own: 0, log)
    }
    #expect(error?.position == LogPosition(UInt64(place + 1)))
  }

  @Test("C7: a log that names no writer and contains no vote of this node may be anyone's: its node listens")
  func nobodys() throws {
    let harness = try harness(own: 0)
    let founded = Array(harness.log.prefix(1))
    #expect(try mustListen(harness, own: 0, founded, isNamed: false))
    #expect(try !mustListen(harness, own: 0, founded))
    // An own vote shows whose it is, as the logs of older versions have it.
    #expect(try !mustListen(harness, own: 0, isNamed: false))
  }
}

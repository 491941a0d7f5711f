import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

/// What a log says of its owner was said by the validator that starts from it, or the node listens.
@Testing.Suite("Whose votes a log holds")
struct OwnershipTests {
  /// A node that gave a view up, so that its log holds an own vote.
  private func bench(own: Int) throws -> Bench {
    let bench = try Bench(own: own)
    bench.submit(try bench.transaction())
    bench.run(milliseconds: 20_000)
    try #require(bench.log.contains { $0.kind == .vote })
    return bench
  }

  /// Whether the node that starts from this log listens.
  private func mustListen(
    _ bench: Bench, own: Int, _ log: [PendingRecord]? = nil, isNamed: Bool = true
  ) throws -> Bool {
    let restoration = try Bench.restoration(
      bench.population, bench.ring, ValidatorIndex(UInt16(own)), log ?? bench.log, isNamed: isNamed)
    return restoration.mustListen
  }

  @Test("C7: a log with another validator's votes is refused with both keys, also one that names nobody")
  func foreignVotes() throws {
    let bench = try bench(own: 0)
    for isNamed in [true, false] {
      let error = #expect(throws: RestorationError.self) {
        _ = try mustListen(bench, own: 1, isNamed: isNamed)
      }
      #expect(error?.cause == .foreignVote(own: bench.population.voteKeys[1], found: bench.population.voteKeys[0]))
      #expect(error?.code == "log.wrong-writer")
      for key in bench.population.voteKeys[0...1] { #expect(error?.explanation.contains("\(key)") == true) }
    }
  }

  @Test("C7: an own vote whose signature is not the own one is refused, whatever name it bears")
  func forgedSignature() throws {
    let bench = try bench(own: 0)
    var log = bench.log
    let place = try #require(log.lastIndex { $0.kind == .vote })
    log[place].payload[log[place].payload.count - 1] ^= 1
    let error = #expect(throws: RestorationError.self) {
      _ = try mustListen(bench, own: 0, log)
    }
    #expect(error?.position == LogPosition(UInt64(place + 1)))
  }

  @Test("C7: a log that names nobody and holds no own vote may be anybody's: its node listens")
  func nobodys() throws {
    let bench = try bench(own: 0)
    let founded = Array(bench.log.prefix(1))
    #expect(try mustListen(bench, own: 0, founded, isNamed: false))
    #expect(try !mustListen(bench, own: 0, founded))
    // An own vote shows whose it is, as the logs of older versions have it.
    #expect(try !mustListen(bench, own: 0, isNamed: false))
  }
}

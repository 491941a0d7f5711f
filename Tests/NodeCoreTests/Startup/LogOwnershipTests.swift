import BlockLog
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

@Testing.Suite("Whose log it is")
struct LogOwnershipTests {
  private let population: Population
  private let disk = MemoryDisk()
  private let owner: LogOwner

  init() throws {
    population = Population(
      SwarmOptions(), ring: KeyRing(.p256SHA256, isReal: false, generator: SeededGenerator(seed: 1)))
    owner = LogOwner(chain: population.chain.genesis, writer: population.voteKeys[0])
  }

  @Test("R46: a log names the keys that its node made later, also beside damaged records")
  func names() throws {
    let (later, other) = (population.voteKeys[1], population.voteKeys[2])
    var log = try BlockLog.create(disk, owner: owner, options: CoreHarness.logOptions)
    for record in [PendingRecord(LogOrigin.founded), PendingRecord(OwnKey(later, votes: .complete))] {
      _ = try log.append(record)
    }
    for _ in 0..<4 { _ = try log.append(PendingRecord(VoidMeaning.harmless)) }
    _ = try log.sync()
    try log.close()
    let reader = LogReader(disk, owner: owner)
    func isNamed(_ key: PublicKey) -> Bool { LogOwnership.names(key, in: reader) }
    #expect(isNamed(later) && !isNamed(other))

    // Damage in the first record may hide the next ones, but what can be read counts.
    let file = try #require(try reader.survey().survey.segments.first?.file)
    let whole = try #require(disk.contents(of: file))
    var (hidden, named) = (0, 0)
    for offset in stride(from: 4096, to: min(whole.count, 4096 + 64), by: 1) {
      disk.flipBit(of: file, at: offset, bit: 0)
      if try !reader.survey().survey.stretches.isEmpty {
        if isNamed(later) { named += 1 } else { hidden += 1 }
        #expect(!isNamed(other))
      }
      disk.replaceContents(of: file, with: whole)
    }
    #expect(named > 0, "\(hidden) hidden")
  }
}

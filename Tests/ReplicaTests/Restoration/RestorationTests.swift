import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Restoring from the log")
struct RestorationTests {
  /// The state after genesis.
  private static func beginning(_ genesis: Genesis) -> LoadedState {
    LoadedState(ledger: LedgerState(genesis: genesis), proof: nil)
  }

  /// The records of a node that followed three views and committed two blocks.
  private func records() throws -> (harness: ReplicaHarness, records: [PendingRecord]) {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    try harness.finalize(try harness.chain(3), first: 2)
    return (harness, harness.log)
  }

  /// Takes records in order; what became final, and the error if there is one.
  private func restore(
    _ harness: ReplicaHarness, _ records: [(kind: UInt8, payload: [UInt8])]
  ) -> (commits: [Commit], error: RestorationError?, height: Height) {
    var restoration = Restoration(
      genesis: harness.population.genesis, state: Self.beginning(harness.population.genesis))
    var commits: [Commit] = []
    for (index, record) in records.enumerated() {
      do throws(RestorationError) {
        let taken = try restoration.apply(
          kind: record.kind, payload: record.payload, at: LogPosition(UInt64(index + 1)))
        commits += taken.commits
      } catch {
        return (commits, error, restoration.committed.height)
      }
    }
    return (commits, nil, restoration.committed.height)
  }

  private func raw(_ records: [PendingRecord]) -> [(kind: UInt8, payload: [UInt8])] {
    records.map { ($0.kind.rawValue, $0.payload) }
  }

  @Test("C7: the bar of a log counts whatever else the log still says, until votes are lost again")
  func bars() throws {
    let genesis = try ReplicaHarness(validators: 4, own: 0).population.genesis
    let round = { Round(epoch: genesis.validatorSet.epoch, view: View($0)) }
    // The records that made the node listen were pruned, or repaired once the lost votes no longer mattered.
    let base = LogBase(height: .genesis, origin: .founded, votingBar: round(7))
    var restoration = Restoration(genesis: genesis, state: Self.beginning(genesis), base: base)
    var memory = restoration.consensusMemory.memory
    #expect(memory == .complete(above: round(7)))
    let entries: [(any LogEntry, VoteMemory)] = [
      (VoidMeaning.harmless, .complete(above: round(7))), (VoidMeaning.votesLost, .incomplete),
      (VotingBar(round(9)), .complete(above: round(9))),
    ]
    for (index, (entry, expected)) in entries.enumerated() {
      _ = try restoration.apply(
        kind: type(of: entry).entryKind.rawValue, payload: entry.encoded(), at: LogPosition(UInt64(index + 1)))
      memory = restoration.consensusMemory.memory
      #expect(memory == expected, "after \(entry)")
    }
  }

  @Test("every prefix of a log can be restored, and the whole log restores the node's last state")
  func prefixes() throws {
    let (harness, records) = try records()
    var height = Height.genesis
    for count in 0...records.count {
      let restored = restore(harness, raw(Array(records.prefix(count))))
      #expect(restored.error == nil)
      #expect(restored.height >= height)
      #expect(restored.commits.map(\.height.rawValue) == Array(1..<restored.height.rawValue + 1))
      height = restored.height
    }
    #expect(height == Height(2))
    #expect(harness.replica.status.committed.height == height)
  }

  @Test("D4: a restart from any prefix begins at a height of the chain and continues")
  func restarts() throws {
    let (harness, records) = try records()
    for count in 1...records.count {
      let other = try ReplicaHarness(validators: 4, own: 0)
      try other.adopt(Array(records.prefix(count)))
      #expect(other.stopReason == nil)
      other.submit(try harness.transaction())
      other.run(milliseconds: 500)
      #expect(other.stopReason == nil)
    }
  }

  @Test("a node that restarts from an earlier point ends up with the same memory of its own votes")
  func votes() throws {
    let (harness, records) = try records()
    var restoration = Restoration(
      genesis: harness.population.genesis, state: Self.beginning(harness.population.genesis))
    for (index, record) in records.enumerated() {
      _ = try restoration.apply(
        kind: record.kind.rawValue, payload: record.payload, at: LogPosition(UInt64(index + 1)))
    }
    #expect(restoration.closedRound == Round(epoch: .first, view: View(2)))
    #expect(restoration.signedStatements.allSatisfy { $0.view == View(3) })
    #expect(Set(restoration.signedStatements.map(\.kind)) == [.notarize, .finalize])
  }

  @Test("a record that is misplaced, of an unknown kind or unreadable is reported with its position")
  func damaged() throws {
    let (harness, records) = try records()
    let sound = raw(records)
    for place in sound.indices {
      var cut = sound
      cut[place].payload.removeLast()
      let restored = restore(harness, cut)
      #expect(restored.error?.code == "log.malformed-record", "record \(place + 1)")
      #expect(restored.error?.position == LogPosition(UInt64(place + 1)))
      var unknown = sound
      unknown[place].kind = 99
      #expect(restore(harness, unknown).error?.cause == .unknownKind(99))
    }
    let origin = restore(harness, [sound[0], sound[0]])
    #expect(origin.error?.cause == .misplacedOrigin)
  }

  @Test("a log whose execution record differs from the result of execution is refused")
  func wrongVerdict() throws {
    let (harness, records) = try records()
    var changed = raw(records)
    let place = try #require(records.firstIndex { $0.kind == .execution })
    var execution = try ExecutionRecord(payload: records[place].payload)
    execution.digest = Digest(1, 1, 1, 1)
    changed[place].payload = execution.encoded()
    let restored = restore(harness, changed)
    #expect(restored.error?.code == "log.result-differs")
    #expect(restored.height == .genesis)
  }

  @Test("reordered records never trap, and never produce another chain")
  func reordered() throws {
    let (harness, records) = try records()
    var generator = SeededGenerator(seed: 11)
    let sound = raw(records)
    let digests = restore(harness, sound).commits.map(\.block.digest)
    for _ in 0..<200 {
      let shuffled = [sound[0]] + sound.dropFirst().shuffled(using: &generator)
      let restored = restore(harness, shuffled)
      #expect(restored.commits.map(\.block.digest) == Array(digests.prefix(restored.commits.count)))
    }
  }

  @Test("N1: random payloads of every kind never trap")
  func fuzz() throws {
    let (harness, records) = try records()
    var generator = SeededGenerator(seed: 5)
    let sound = raw(records)
    for _ in 0..<300 {
      var changed = sound
      let place = Int.random(in: 0..<changed.count, using: &generator)
      if Bool.random(using: &generator), !changed[place].payload.isEmpty {
        let byte = Int.random(in: 0..<changed[place].payload.count, using: &generator)
        changed[place].payload[byte] = UInt8.random(in: 0...255, using: &generator)
      } else {
        changed[place].kind = UInt8.random(in: 0...8, using: &generator)
      }
      _ = restore(harness, changed)
    }
  }
}

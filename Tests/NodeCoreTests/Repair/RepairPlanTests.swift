import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Repairing a log")
struct RepairPlanTests {
  /// The log of a node that committed one block, and the block as a peer sends it.
  private func sample(
    isSignerElsewhere: Bool
  ) throws -> (harness: ReplicaHarness, final: FinalRecord) {
    let harness = try ReplicaHarness(validators: 4, own: 0, isSignerElsewhere: isSignerElsewhere)
    let bytes = try harness.finalizeOne()
    return (harness, try FinalRecord(bytes, chain: harness.population.chain, hash: &harness.hash))
  }

  /// A log of the first `count` records, and where each begins.
  private func disk(_ harness: ReplicaHarness, _ count: Int) throws -> (disk: MemoryDisk, places: [RecordAddress]) {
    let disk = MemoryDisk()
    var log = try BlockLog.create(
      disk, owner: .anyone(of: harness.population.chain.genesis), options: CoreHarness.logOptions)
    var places: [RecordAddress] = []
    for record in harness.log.prefix(count) {
      places.append(try log.append(kind: record.kind.rawValue, height: record.height, payload: record.payload).1)
    }
    _ = try log.sync()
    return (disk, places)
  }

  @Test(
    "D2: a log whose first records are lost starts again with what a peer has of them, as after joining",
    arguments: [false, true])
  func firstRecords(isSignerElsewhere: Bool) throws {
    let (harness, final) = try sample(isSignerElsewhere: isSignerElsewhere)
    let chain = harness.population.chain
    var broughtBack = 0
    for count in 1...harness.log.count {
      for lost in 1...count {
        let (disk, places) = try disk(harness, count)
        for place in places.prefix(lost) {
          let noise: [UInt8] = [0xA5, 0x5A, 0xA5]
          try disk.write(SegmentHeader.fileName(place.segment), at: Int(place.offset) + 3, noise.span.bytes)
        }
        var entries = try LogReader(disk, owner: .anyone(of: chain.genesis)).survey().entries
        let plan = try RepairPlan(&entries, chain: chain)
        #expect(plan.patches.count == 1)
        for patch in plan.patches {
          broughtBack += try RepairPlan.repair(patch, with: plan.replacements(for: patch, [final.height: final])) {
            (stretch, records, void) throws(LogError) in
            try LogRepair.rewrite(stretch, with: records, void: void, on: disk)
          }
        }
        let origin = try CoreHarness.open(
          disk, genesis: harness.population.genesis, own: harness.own, holds: { harness.ring.holds($0) }
        ).use { _, restoration, _ in restoration.origin }
        #expect(origin == .joined, "\(lost) of \(count) lost")
      }
    }
    #expect(broughtBack > 0)
  }

  @Test("R32: lost votes and statements no longer matter once the next one in the log is about a final view")
  func overtaken() throws {
    for isSignerElsewhere in [false, true] {
      let harness = try ReplicaHarness(validators: 4, own: 0, isSignerElsewhere: isSignerElsewhere)
      try harness.finalize(try harness.chain(2))
      let chain = harness.population.chain
      let kind = isSignerElsewhere ? Statement.entryKind : Vote.entryKind
      let own = harness.log.indices.filter { harness.log[$0].kind == kind }
      for (lost, meaning) in [(own[0], VoidMeaning.harmless), (own[own.count - 1], .votesLost)] {
        let (disk, places) = try disk(harness, harness.log.count)
        try disk.write(
          SegmentHeader.fileName(places[lost].segment), at: Int(places[lost].offset) + 3, [0xA5].span.bytes)
        var entries = try LogReader(disk, owner: .anyone(of: chain.genesis)).survey().entries
        #expect(try RepairPlan(&entries, chain: chain).patches.map(\.meaning) == [meaning])
      }
    }
  }

  @Test(
    "D2: a stretch in which votes may be lost says so, also if what a peer has of it leaves no space for a void",
    arguments: [Vote.entryKind, Statement.entryKind])
  func exactFit(kind: LogEntryKind) throws {
    let (harness, final) = try sample(isSignerElsewhere: kind == .statement)
    let chain = harness.population.chain
    let (disk, places) = try disk(harness, harness.log.count)
    let vote = try #require(harness.log.firstIndex { $0.kind == kind })
    try disk.write(SegmentHeader.fileName(places[vote].segment), at: Int(places[vote].offset) + 3, [0xA5].span.bytes)
    var entries = try LogReader(disk, owner: .anyone(of: chain.genesis)).survey().entries
    var patch = try #require(try RepairPlan(&entries, chain: chain).patches.first)
    let found = [ReplacementRecord(BlockEntry(final.block), height: final.height)]
    for (meaning, said) in [(VoidMeaning.votesLost, [ReplacementRecord(VoidMeaning.votesLost)]), (.harmless, [])] {
      patch.meaning = meaning
      var written: [[ReplacementRecord]] = []
      let count = try RepairPlan.repair(patch, with: found) { (_, records, _) throws(LogError) in
        written.append(records)
      }
      #expect(written == [said + found] && count == 1)
      // What does not fit is left out before that.
      written = []
      let none = try RepairPlan.repair(patch, with: found) { (stretch, records, _) throws(LogError) in
        written.append(records)
        if !records.isEmpty { throw .repairRefused(file: "", offset: 0, .tooLarge(needed: 2, room: 1)) }
      }
      #expect(written == [said + found, []] && none == 0)
    }
  }
}

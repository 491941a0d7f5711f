import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Repairing a log")
struct RepairPlanTests {
  /// The log of a node that committed one block, and the block as a peer sends it.
  private func sample() throws -> (harness: ReplicaHarness, final: FinalRecord) {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let block = try #require(try harness.chain(1).first)
    let point = try #require(try harness.points([block]).first)
    try harness.propose(block, view: 1)
    let proposal = harness.proposal(block, view: 1)
    harness.receive(.certificate(try harness.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    let certificate = try harness.certificate(.finalize(proposal, result: point.result), by: [1, 2, 3])
    harness.receive(.certificate(certificate), from: 1)

    let payload = try #require(harness.log.first { $0.kind == .execution }).payload
    let proof = CertifiedBlock(
      header: block.header, result: try ExecutionRecord(payload: payload).result, descendants: [],
      certificate: certificate)
    var writer = Writer()
    writer.longBytes(block.bytes)
    writer.longBytes(payload)
    proof.encode(into: &writer, chain: harness.population.chain)
    return (harness, try FinalRecord(writer.bytes, chain: harness.population.chain, hash: &harness.hash))
  }

  /// A log of the first `count` records, and where each begins.
  private func disk(_ harness: ReplicaHarness, _ count: Int) throws -> (disk: MemoryDisk, places: [RecordAddress]) {
    let disk = MemoryDisk()
    var log = try BlockLog.create(
      disk, owner: .anyone(of: harness.population.chain.genesis), options: SimulatedCluster.logOptions)
    var places: [RecordAddress] = []
    for record in harness.log.prefix(count) {
      places.append(try log.append(kind: record.kind.rawValue, height: record.height, payload: record.payload).1)
    }
    _ = try log.sync()
    return (disk, places)
  }

  @Test("D2: a log whose first records are lost starts again with what a peer has of them, as after joining")
  func firstRecords() throws {
    let (harness, final) = try sample()
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
        var log = try BlockLog.open(disk, owner: .anyone(of: chain.genesis), options: SimulatedCluster.logOptions)
        var restoration = Restoration(
          genesis: harness.population.genesis, ledger: LedgerState(genesis: harness.population.genesis))
        var cursor = try log.records()
        while let record = try cursor.next() {
          _ = try restoration.apply(kind: record.kind, payload: record.payload, at: record.position)
        }
        #expect(restoration.origin == .joined, "\(lost) of \(count) lost")
      }
    }
    #expect(broughtBack > 0)
  }
}

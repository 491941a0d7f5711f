import BlockLog
import Cryptography
import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Mending a log")
struct MendingPlanTests {
  /// The log of a node that committed one block, and the block as a peer sends it.
  private func sample() throws -> (bench: Bench, final: FinalRecord) {
    let bench = try Bench(validators: 4, own: 0)
    let block = try #require(try bench.chain(1).first)
    let point = try #require(try bench.points([block]).first)
    try bench.propose(block, view: 1)
    let proposal = bench.proposal(block, view: 1)
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    let certificate = try bench.certificate(.finalize(proposal, result: point.result), by: [1, 2, 3])
    bench.receive(.certificate(certificate), from: 1)

    let payload = try #require(bench.log.first { $0.kind == .verdict }).payload
    let proof = CertifiedBlock(
      header: block.header, result: try Verdict(payload).result, descendants: [], certificate: certificate)
    var writer = Writer()
    writer.longBytes(block.bytes)
    writer.longBytes(payload)
    proof.encode(into: &writer, chain: bench.population.chain)
    return (bench, try FinalRecord(writer.bytes, chain: bench.population.chain, hash: &bench.hash))
  }

  /// A log of the first `count` records, and where each begins.
  private func disk(_ bench: Bench, _ count: Int) throws -> (disk: MemoryDisk, places: [RecordAddress]) {
    let disk = MemoryDisk()
    var log = try BlockLog.create(disk, owner: .anyone(of: bench.population.chain.genesis), options: World.logOptions)
    var places: [RecordAddress] = []
    for record in bench.log.prefix(count) {
      places.append(try log.append(kind: record.kind.rawValue, height: record.height, payload: record.payload).1)
    }
    _ = try log.sync()
    return (disk, places)
  }

  @Test("D2: a log whose first records are lost starts again with what a peer has of them, as one that was joined")
  func firstRecords() throws {
    let (bench, final) = try sample()
    let chain = bench.population.chain
    var broughtBack = 0
    for count in 1...bench.log.count {
      for lost in 1...count {
        let (disk, places) = try disk(bench, count)
        for place in places.prefix(lost) {
          let noise: [UInt8] = [0xA5, 0x5A, 0xA5]
          try disk.write(SegmentHeader.fileName(place.segment), at: Int(place.offset) + 3, noise.span.bytes)
        }
        var entries = try LogReader(disk, owner: .anyone(of: chain.genesis)).survey().entries
        let plan = try MendingPlan(&entries, chain: chain)
        #expect(plan.patches.count == 1)
        for patch in plan.patches {
          broughtBack += try MendingPlan.mend(patch, with: plan.replacements(for: patch, [final.height: final])) {
            (stretch, records, void) throws(LogError) in
            try LogRepair.rewrite(stretch, with: records, void: void, on: disk)
          }
        }
        var log = try BlockLog.open(disk, owner: .anyone(of: chain.genesis), options: World.logOptions)
        var restoration = Restoration(
          genesis: bench.population.genesis, ledger: LedgerState(genesis: bench.population.genesis))
        var cursor = try log.records()
        while let record = try cursor.next() {
          _ = try restoration.take(kind: record.kind, payload: record.payload, at: record.position)
        }
        #expect(restoration.origin == .joined, "\(lost) of \(count) lost")
      }
    }
    #expect(broughtBack > 0)
  }
}

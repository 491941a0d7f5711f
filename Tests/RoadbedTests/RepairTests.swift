import Foundation
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct RepairTests {
    @Test(
      "D2: a damaged log is repaired from peers: the node reports it, votes on, and its audit finds no fault"
    )
    func atTheStart() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(12)
        try await cluster.waitUntilLevel()
        cluster.kill(3)
        try Damage.flip("\(cluster.node(3))/log/000001.segment", percent: [3, 20, 41, 60, 85])
        try await cluster.start(3)
        try await cluster.openAccounts(3, from: 12)
        try await cluster.waitUntilLevel()
        #expect(cluster.said(3, "the log is damaged"))
        #expect(cluster.said(3, "repaired 000001.segment"))
        try await cluster.stop()
        try await Roadbed.succeed("audit", cluster.node(3))
      }
    }

    @Test("D2: a segment's damaged first page is restored")
    func header() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(3)
        try await cluster.waitUntilLevel()
        cluster.kill(2)
        try Damage.flip("\(cluster.node(2))/log/000001.segment", percent: [], inHeader: true)
        try await cluster.start(2)
        try await cluster.openAccounts(2, from: 3)
        try await cluster.waitUntilLevel()
        #expect(cluster.said(2, "repaired 000001.segment at offset 0"))
      }
    }

    @Test("D2: a segment file that was deleted is replaced, and what was in it comes from the peers")
    func missingSegment() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(3)
        // More than fits into the first segment of 1 MiB.
        for round in 0..<2 { _ = try await cluster.anchorMegabyte(round, isApplied: false) }
        try await cluster.waitUntilLevel()
        cluster.kill(3)
        try FileManager.default.removeItem(atPath: "\(cluster.node(3))/log/000001.segment")
        try await cluster.start(3)
        try await cluster.openAccounts(2, from: 3)
        try await cluster.waitUntilLevel()
        #expect(cluster.said(3, "000001.segment is missing from the log"))
        #expect(cluster.said(3, "repaired 000001.segment"))
        try await cluster.stop()
        try await Roadbed.succeed("audit", cluster.node(3))
      }
    }

    @Test("D2: a sealed segment that is damaged while the node runs is found and repaired")
    func whileRunning() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try cluster.set(["scrub: 4": "scrub: 50"])
        try await cluster.up()
        try await cluster.openAccounts(3)
        // More than fits into the first segment of 1 MiB.
        for round in 0..<2 { _ = try await cluster.anchorMegabyte(round, isApplied: false) }
        try await cluster.waitUntilLevel()
        try Damage.flip("\(cluster.node(2))/log/000001.segment", percent: [1])
        try await cluster.waitUntil("the damage is repaired", seconds: 60) {
          cluster.said(2, "repaired 000001.segment")
        }
        try await cluster.waitUntilLevel()
        try await cluster.stop()
        try await Roadbed.succeed("audit", cluster.node(2))
      }
    }
  }
}

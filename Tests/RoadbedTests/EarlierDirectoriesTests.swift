import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Directories that an earlier build wrote (Fixtures/README.md): this build reads them as that build did, and its nodes
  /// continue from them.
  @Testing.Suite(.serialized)
  struct EarlierDirectoriesTests {
    /// What the build that wrote the directories of some nodes printed about each of them.
    private struct Kept {
      var nodes: ClosedRange<Int>
      var height: Height
      var stateRoot: String
      var transactions: Int
      var snapshots: [Height]
    }

    private struct Snapshots: Decodable {
      struct Snapshot: Decodable { var height: Height }
      var sound: Bool
      var snapshots: [Snapshot]
    }

    @Test(
      "A sole validator with archive and snapshots: it audits, continues, and gives receipts of its old transactions")
    func sole() async throws {
      try await TestCluster.withKept("sole", nodes: 1) { cluster in
        try await expectSound(
          cluster,
          Kept(
            nodes: 1...1, height: Height(96),
            stateRoot: "af8c3fe0e61a02f3d32a8198d1808f0a66d2055bc2ab3a31be92152a00016a4b",
            transactions: 96, snapshots: [Height(60), Height(80)]))
        try await verifyReceipts(["8-anchor-documents", "12-retire"], cluster)
        try await cluster.up()
        try await cluster.openAccounts(1)
        for height in [Height(26), Height(96)] { try await expectReceipts(height, cluster) }
        try await cluster.stop()
        try await expectAudit(cluster, 1, above: Height(96))
      }
    }

    @Test("A cluster of which one node was killed while it wrote: all audit, continue and agree")
    func cluster() async throws {
      try await TestCluster.withKept("cluster", nodes: 4) { cluster in
        try await expectSound(
          cluster,
          Kept(
            nodes: 1...4, height: Height(33),
            stateRoot: "9bcffde81b16510ce0c28de01965331be70912abea3a54fe2d6233a398ce1a0c", transactions: 366,
            snapshots: [Height(30)]))
        try await verifyReceipts(["1-admit-members", "12-retire"], cluster)
        try await cluster.up()
        try await cluster.openAccounts(1)
        try await cluster.waitUntilLevel()
        for height in [Height(1), Height(33)] { try await expectReceipts(height, cluster) }
        // While node 1 is down, the quorum needs the node that was killed.
        try await goOnWithoutFirst(cluster)
        try await cluster.stop()
        for node in 1...4 { try await expectAudit(cluster, node, above: Height(34)) }
      }
    }

    @Test("A chain of five changes of its validators and keys: all audit, continue in its epoch, and prove all of it")
    func epochs() async throws {
      try await TestCluster.withKept("epochs", nodes: 4) { cluster in
        try await expectSound(
          cluster,
          Kept(
            nodes: 1...4, height: Height(23),
            stateRoot: "4b27cbbfae6d395fd2635a91712f84c935e0524a8ea5adafd0f3a8524f6a9a8c", transactions: 19,
            snapshots: [Height(20)]))
        // The node that left has a part of the chain.
        try await expectAudit(cluster, 5, above: Height(17))
        try await verifyReceipts(["1-admit-members", "transfer-4"], cluster)
        try await cluster.up()
        try await cluster.openAccounts(1)
        // While node 1 is down, the quorum needs the node with another key and the one that was away for two epochs.
        try await goOnWithoutFirst(cluster)
        for height in [Height(1), Height(12), Height(23)] { try await expectReceipts(height, cluster) }
        let client = try cluster.client(2)
        let validators = try await client.validators()
        await client.shutdown()
        #expect(validators.epoch == 5 && validators.items.map { "\($0.name)" } == ["node1", "node2", "node3", "node4"])
        try await cluster.stop()
        for node in 1...4 { try await expectAudit(cluster, node, above: Height(24)) }
      }
    }

    @Test("A chain of genesis version 2 is not run or audited, with the reason; receipts of its transactions verify")
    func version2() async throws {
      try await TestCluster.withKept("cluster-version-2", nodes: 4) { cluster in
        try await verifyReceipts(["1-admit-members", "12-retire"], cluster)
        for arguments in [["audit", cluster.node(1)], ["node", "start", "--dir", cluster.node(1)]] {
          let run = try await Roadbed.run(arguments)
          #expect(run.status == 1)
          #expect(run.errorCode == "genesis.other-version", "\(run.error)")
          #expect(run.error.contains("next: run the version of the program that made the chain"), "\(run.error)")
        }
      }
    }

    private func expectSound(_ cluster: TestCluster, _ kept: Kept) async throws {
      for node in kept.nodes {
        let audit: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(node), "--json").decoded()
        #expect(audit.firstFault == nil && audit.beginsAt == .genesis)
        #expect(audit.height == kept.height && audit.transactions == kept.transactions)
        #expect("\(audit.stateRoot)" == kept.stateRoot)
        let snapshots: Snapshots = try await Roadbed.succeed("snapshot", "verify", cluster.node(node), "--json")
          .decoded()
        #expect(snapshots.sound && snapshots.snapshots.map(\.height) == kept.snapshots)
      }
    }

    /// Has the others make a block while node 1 is down, so that the quorum needs all of them, and starts it again.
    private func goOnWithoutFirst(_ cluster: TestCluster) async throws {
      cluster.kill(1)
      try await cluster.openAccounts(1, from: 1)
      try await cluster.start(1)
      try await cluster.waitUntilLevel()
    }

    private func expectAudit(_ cluster: TestCluster, _ node: Int, above height: Height) async throws {
      let audit: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(node), "--json").decoded()
      #expect(audit.firstFault == nil && audit.beginsAt == .genesis && audit.height > height)
    }

    /// Verifies receipts that the earlier build gave.
    private func verifyReceipts(_ names: [String], _ cluster: TestCluster) async throws {
      for name in names {
        try await Roadbed.succeed(
          "receipt", "verify", "\(cluster.directory)/receipts/\(name).json", "--genesis", cluster.genesisFile,
          "--applied")
      }
    }

    /// Has every node make a receipt of a transaction in the block of this height, and verifies it.
    private func expectReceipts(_ height: Height, _ cluster: TestCluster) async throws {
      for node in 1...cluster.count {
        let client = try cluster.client(node)
        let block = try await client.block(height)
        await client.shutdown()
        let id = try #require(block.transactions?.first)
        let file = cluster.folder.path("receipt-\(height)-\(node).json")
        try await Roadbed.succeed("receipt", "get", "\(id)", "-o", file, "--node", cluster.api(node))
        try await Roadbed.succeed("receipt", "verify", file, "--genesis", cluster.genesisFile)
      }
    }
  }
}

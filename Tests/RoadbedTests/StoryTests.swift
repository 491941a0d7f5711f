import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct StoryTests {
    /// The steps of Config/story with their signers, as Scripts/quickstart runs them.
    private static let steps = [
      ("registry", "1-admit-members"), ("mint", "2-define-euro"), ("bank-a", "3-bank-a-opens-accounts"),
      ("bank-b", "4-bank-b-opens-accounts"), ("mint", "5-issue-euro"), ("bank-a", "6-bank-a-pays"),
      ("bank-b", "7-bank-b-pays"), ("notary", "8-anchor-documents"),
    ]

    @Test(
      "The sample story runs to its end; every receipt verifies offline and every node's chain audits",
      arguments: [(4, "p256-sha256"), (1, "ed25519-sha256"), (2, "sm2-sm3")])
    func story(nodes: Int, suite: String) async throws {
      try await TestCluster.with(nodes: nodes, suite: suite) { cluster in
        for (signer, step) in StoryTests.steps {
          try await Roadbed.succeed(
            "tx", "submit", "\(Roadbed.root)/Config/story/\(step).json", "--dir", cluster.directory, "--key", signer,
            "--receipt", cluster.folder.path("\(step).json"))
        }
        try await cluster.waitUntilLevel()
        try await checkBalances(cluster)
        try await cluster.stop()

        for (_, step) in StoryTests.steps {
          try await Roadbed.succeed(
            "receipt", "verify", cluster.folder.path("\(step).json"), "--genesis", cluster.genesisFile, "--applied")
        }
        try await refuseOthers(cluster.folder, cluster)
        var roots: Set<Digest> = []
        for number in 1...nodes {
          let run = try await Roadbed.succeed("audit", cluster.node(number), "--json")
          let answer: AuditAnswer = try run.decoded()
          #expect(answer.firstFault == nil)
          #expect(answer.transactions == StoryTests.steps.count)
          #expect(answer.signatures > 0 && !answer.hashOnly)
          roots.insert(answer.stateRoot)
          let quick: AuditAnswer = try await Roadbed.succeed(
            "audit", cluster.node(number), "--hash-only", "--json"
          ).decoded()
          #expect(quick.firstFault == nil && quick.hashOnly && quick.signatures == 0)
          #expect((quick.stateRoot, quick.certificates) == (answer.stateRoot, answer.certificates))
        }
        #expect(roots.count == 1)
      }
    }

    /// Expects that a receipt of another chain, a changed receipt and a file that is not a receipt are refused.
    private func refuseOthers(_ folder: Folder, _ cluster: TestCluster) async throws {
      let file = folder.path("5-issue-euro.json")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let suite = try cluster.genesis().suite
      let other = try await Roadbed.run(
        "receipt", "verify", file, "--genesis", "\(Roadbed.root)/Config/genesis.json")
      #expect(other.status == 1)
      #expect(suite != .p256SHA256 || other.errorCode == "receipt.malformed-transaction", "\(other.error)")
      // First the summary contradicts the receipt; then, without a summary, one digit of the receipt is changed.
      let height = try #require(text.firstMatch(of: /"height": ([0-9]+)/))
      let higher = "\"height\": \((Int(height.1) ?? 0) + 1)"
      let summary = try folder.write(text.replacing(height.0, with: higher), to: "summary.json")
      try await Roadbed.expectRefusal(
        "json.invalid-value", "receipt", "verify", summary, "--genesis", cluster.genesisFile)
      let hex = try #require(text.split(separator: "\"").first { $0.count > 500 })
      for place in [0.2, 0.5, 0.9] {
        var digits = Array(hex)
        let index = Int(Double(digits.count) * place)
        digits[index] = digits[index] == "0" ? "1" : "0"
        let changed = try folder.write(
          "{\"format\": \"roadbed-receipt/2\", \"receipt\": \"\(String(digits))\"}", to: "changed.json")
        let run = try await Roadbed.run("receipt", "verify", changed, "--genesis", cluster.genesisFile)
        #expect(run.status == 1, "digit \(index) of \(digits.count) does not matter")
      }
    }

    /// Expects that the balances add up to what was issued, and that the anchored digest is that of the real file.
    private func checkBalances(_ cluster: TestCluster) async throws {
      let client = try cluster.client(1)
      let asset = try await client.asset(try #require(Name("eur")))
      let accounts = try await client.accounts(limit: 100)
      let held = accounts.items.flatMap(\.balances).reduce(Amount.zero) { $0.adding($1.units) ?? .zero }
      #expect(held == asset.supplyUnits)
      #expect(asset.supply == "1750000.00")
      let collection = try #require(CollectionName("roadbed/sources"))
      let record = try await client.record(collection, key: "Package.swift")
      let file = Array(try Data(contentsOf: URL(fileURLWithPath: "\(Roadbed.root)/Package.swift")))
      #expect(record.latest.contentDigest == Sample.digest(of: file, try cluster.genesis().suite))
      await client.shutdown()
    }
  }
}

import LedgerJSON
import Testing

extension Processes {
  /// Caps, freezes and new issuers of assets, and closed accounts, on a real node, through the commands that users have.
  @Testing.Suite(.serialized)
  struct TermsTests {
    private func run(_ arguments: [String], by keys: [String], _ cluster: TestCluster) async throws -> Roadbed.Run {
      try await Roadbed.run(
        ["tx"] + arguments + ["--dir", cluster.directory] + keys.flatMap { ["--key", $0] } + ["--wait"])
    }

    private func succeed(
      _ arguments: String..., by keys: [String], _ cluster: TestCluster, _ location: SourceLocation = #_sourceLocation
    ) async throws {
      let run = try await run(arguments, by: keys, cluster)
      #expect(run.status == 0, "\(run.output)\(run.error)", sourceLocation: location)
    }

    private func refuse(
      _ code: String, _ arguments: String..., by keys: [String], _ cluster: TestCluster,
      _ location: SourceLocation = #_sourceLocation
    ) async throws {
      let run = try await run(arguments, by: keys, cluster)
      #expect(
        run.status == 1 && run.output.contains("[\(code)]"), "\(run.output)\(run.error)", sourceLocation: location)
    }

    @Test("An asset is capped, frozen and handed over, and an empty account is closed and opened again")
    func life() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let steps = [
          ("registry", "1-admit-members"), ("mint", "2-define-euro"), ("bank-a", "3-bank-a-opens-accounts"),
          ("bank-b", "4-bank-b-opens-accounts"), ("mint", "5-issue-euro"),
        ]
        for (signer, step) in steps {
          try await Roadbed.succeed(
            "tx", "submit", "\(Roadbed.root)/Config/story/\(step).json", "--dir", cluster.directory, "--key", signer,
            "--wait")
        }
        let issue = ["issue", "--to", "bank-a/reserve", "--asset", "eur", "--amount"]
        try await succeed("asset", "cap", "--asset", "eur", "--amount", "1750001", by: ["mint"], cluster)
        try await refuse(
          "asset.cap-not-lower", "asset", "cap", "--asset", "eur", "--amount", "1750001", by: ["mint"], cluster)
        let above = try await run(issue + ["1.01"], by: ["mint"], cluster)
        #expect(above.status == 1 && above.output.contains("[asset.cap-exceeded]"), "\(above.output)")

        try await succeed("asset", "freeze", "eur", by: ["registry"], cluster)
        try await refuse(
          "asset.frozen", "transfer", "--from", "bank-a/reserve", "--to", "bank-b/reserve", "--asset", "eur",
          "--amount",
          "1", by: ["bank-a"], cluster)
        let shown = try await Roadbed.succeed("query", "asset", "eur", "--node", cluster.api(1))
        #expect(shown.output.contains(/cap +1750001\.00/) && shown.output.contains(/frozen +yes/), "\(shown.output)")
        let asset: AssetView = try await Roadbed.succeed(
          "query", "asset", "eur", "--node", cluster.api(1), "--json"
        ).decoded()
        #expect(asset.frozen && asset.cap == "1750001.00")
        try await succeed("asset", "unfreeze", "eur", by: ["registry"], cluster)
        try await refuse(
          "authority.role-missing", "asset", "hand-over", "eur", "--to", "bank-a", by: ["mint", "bank-a"], cluster)

        try await refuse("account.not-empty", "close", "bank-a/reserve", by: ["bank-a"], cluster)
        try await refuse("account.main", "close", "bank-a", by: ["bank-a"], cluster)
        try await succeed("open", "bank-a/brief", by: ["bank-a"], cluster)
        try await succeed("close", "bank-a/brief", by: ["bank-a"], cluster)
        let gone = try await Roadbed.run(["query", "account", "bank-a/brief", "--node", cluster.api(1)])
        #expect(gone.status == 1 && gone.errorCode == "account.unknown", "\(gone.error)")
        try await succeed("open", "bank-a/brief", by: ["bank-a"], cluster)
      }
    }
  }
}

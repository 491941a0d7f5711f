import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Proofs of the state from real nodes, judged from outside.
  @Testing.Suite(.serialized)
  struct ProofTests {
    private static let steps = [
      ("registry", "1-admit-members"), ("mint", "2-define-euro"), ("bank-a", "3-bank-a-opens-accounts"),
      ("bank-b", "4-bank-b-opens-accounts"), ("mint", "5-issue-euro"), ("notary", "8-anchor-documents"),
    ]

    private static func name(_ text: String) throws -> Name { try #require(Name(text)) }
    private static func account(_ text: String) throws -> AccountName { try #require(AccountName(text)) }

    @Test("A balance, a record and their absence are fetched, verified offline, and refused once they are changed")
    func story() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        #expect(try RawHTTP.request("GET", "/v1/proofs/parameters", port: cluster.apiPort(1)).status == 503)
        try await Roadbed.expectRefusal("proof.not-provable", "proof", "get", "parameters", "--dir", cluster.directory)
        for (signer, step) in Self.steps {
          try await Roadbed.succeed(
            "tx", "submit", "\(Roadbed.root)/Config/story/\(step).json", "--dir", cluster.directory, "--key", signer,
            "--wait")
        }
        try await cluster.waitUntilLevel()
        try await everyKind(cluster)
        try refuseRequests(cluster.apiPort(1))

        let file = cluster.folder.path("balance.json")
        let absent = cluster.folder.path("absent.json")
        try await Roadbed.succeed(
          "proof", "get", "balance", "bank-a/reserve", "eur", "-o", file, "--dir", cluster.directory)
        try await Roadbed.succeed(
          "proof", "get", "balance", "bank-a/reserve", "usd", "-o", absent, "--node", cluster.api(2))
        // On an idle chain, a node proves its last final state without the others.
        for number in 2...4 { cluster.kill(number) }
        try await Roadbed.succeed(
          "proof", "get", "record", "roadbed/sources", "Package.swift", "--genesis", cluster.genesisFile, "--node",
          cluster.api(1))
        cluster.kill(1)

        let verified = try await Roadbed.succeed("proof", "verify", file, "--genesis", cluster.genesisFile)
        #expect(verified.output.contains("the balance of eur in account bank-a/reserve"))
        #expect(verified.output.contains(/final by +node/))
        #expect(verified.output.contains(/units +[1-9][0-9]*\n/))
        let nothing = try await Roadbed.succeed("proof", "verify", absent, "--genesis", cluster.genesisFile)
        #expect(nothing.output.contains("no such entry as the balance of usd in account bank-a/reserve: it was zero"))
        let json = try await Roadbed.succeed("proof", "verify", absent, "--genesis", cluster.genesisFile, "--json")
        #expect(json.output.contains(/"entry" : "no such entry"/))
        for file in [file, absent] { try await refuseChanges(of: file, cluster) }
      }
    }

    /// Expects that every node proves an entry of every kind, as its other answers say, and its absence.
    private func everyKind(_ cluster: TestCluster) async throws {
      let genesis = try cluster.genesis()
      let sources = try #require(CollectionName("roadbed/sources"))
      let (bank, eur) = (try Self.name("bank-a"), try Self.name("eur"))
      for number in 1...4 {
        let client = try cluster.client(number)
        let account = try await client.account(try Self.account("bank-a/reserve"))
        let units = try #require(account.balances.first { $0.asset == eur }).units
        let balance = try await client.proof(.balance(account.account, asset: eur), genesis: genesis)
        #expect(balance.entry == .balance(account.account, asset: eur, amount: units))
        let height = try await client.status().height
        #expect(balance.height >= height)
        for key: StateKey in [
          .parameters, .member(bank), .account(account.account), .asset(eur), .collection(sources),
          .record(sources, key: "Package.swift"), .remembered(Height(1), group: 0), .configuration,
          .node(genesis.validators[0].name),
        ] {
          #expect(try await client.proof(key, genesis: genesis).entry?.key == key)
        }
        for key: StateKey in [
          .member(try Self.name("nobody")), .account(try Self.account("bank-a/none")),
          .asset(try Self.name("usd")), .balance(account.account, asset: try Self.name("usd")),
          .collection(try #require(CollectionName("roadbed"))), .record(sources, key: "ü b/c"),
          .node(try Self.name("node9")), .keyChange(genesis.validators[0].name), .remembered(Height(9), group: 9),
        ] {
          #expect(try await client.proof(key, genesis: genesis).entry == nil, "\(key)")
        }
        await client.shutdown()
      }
    }

    private func refuseRequests(_ port: Int) throws {
      for path in [
        "members/NO", "assets/NO", "accounts/NO", "balances/EUR/bank-a", "balances/eur/NO", "collections/NO",
        "records/NO/key", "records/a/%00", "records/a/\(String(repeating: "x", count: 129))", "records/a/b?version=1",
        "nodes/NO", "key-changes/NO", "configuration?x=1", "members/bank-a?height=1", "remembered/1/65536",
        "remembered/x/0",
      ] {
        let answer = try RawHTTP.request("GET", "/v1/proofs/\(path)", port: port)
        #expect(answer.status == 400, "\(path): \(answer.body)")
        #expect(answer.code == "request.parameter", "\(path)")
      }
      for path in ["", "members", "members/a/b", "balances/eur", "records/a", "parameters/x", "accounts"] {
        #expect(try RawHTTP.request("GET", "/v1/proofs/\(path)", port: port).status == 404, "\(path)")
      }
      #expect(try RawHTTP.request("POST", "/v1/proofs/parameters", port: port).status == 405)
    }

    private func refuseChanges(of file: String, _ cluster: TestCluster) async throws {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try await Roadbed.expectRefusal(
        "proof.malformed-header", "proof", "verify", file, "--genesis", "\(Roadbed.root)/Config/genesis.json")
      let height = try #require(text.firstMatch(of: /"height": ([0-9]+)/))
      let higher = "\"height\": \((Int(height.1) ?? 0) + 1)"
      let summary = try cluster.folder.write(text.replacing(height.0, with: higher), to: "summary.json")
      try await Roadbed.expectRefusal(
        "json.invalid-value", "proof", "verify", summary, "--genesis", cluster.genesisFile)
      let hex = try #require(text.split(separator: "\"").first { $0.count > 500 })
      for place in [0.02, 0.1, 0.4, 0.6, 0.8, 0.99] {
        var digits = Array(hex)
        let index = Int(Double(digits.count) * place)
        digits[index] = digits[index] == "0" ? "1" : "0"
        let changed = try cluster.folder.write(text.replacing(hex, with: String(digits)), to: "changed.json")
        let run = try await Roadbed.run("proof", "verify", changed, "--genesis", cluster.genesisFile)
        #expect(run.status == 1, "digit \(index) of \(digits.count) does not matter")
      }
    }

    @Test(
      "Whoever has seen a transaction as final gets a proof of a state that includes it, from every node, under load")
    func includesWhatIsFinal() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        let genesis = try cluster.genesis()
        let builder = TransactionBuilder(genesis: genesis)
        let signer = try cluster.signer("registry")
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 1...4 {
            group.addTask {
              let client = try cluster.client(number)
              for round in 0..<15 {
                let account = try Self.account("registry/n\(number)-\(round)")
                let transaction = try builder.transaction(
                  [.accountOpen(account: account, description: "")], signers: [signer])
                let result = try await client.submit(transaction, wait: .seconds(20))
                let height = try #require(result.height)
                let proved = try await client.proof(.account(account), genesis: genesis)
                #expect(proved.height >= height)
                #expect(proved.entry?.key == .account(account))
              }
              await client.shutdown()
            }
          }
          try await group.waitForAll()
        }
      }
    }
  }
}

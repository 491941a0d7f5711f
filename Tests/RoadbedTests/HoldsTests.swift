import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Holds on real nodes, through the commands and the API that users have.
  @Testing.Suite(.serialized)
  struct HoldsTests {
    private static let steps = [
      ("registry", "1-admit-members"), ("mint", "2-define-euro"), ("bank-a", "3-bank-a-opens-accounts"),
      ("bank-b", "4-bank-b-opens-accounts"), ("mint", "5-issue-euro"),
    ]
    private static let reference = "INV 17/ü"

    /// Calls `body` with a cluster in which bank-a/reserve has 1,000,000 euros and bank-b/reserve 750,000.
    private func withBanks(nodes: Int, _ body: (TestCluster) async throws -> Void) async throws {
      try await TestCluster.with(nodes: nodes) { cluster in
        for (signer, step) in Self.steps {
          try await Roadbed.succeed(
            "tx", "submit", "\(Roadbed.root)/Config/story/\(step).json", "--dir", cluster.directory, "--key", signer,
            "--wait")
        }
        try await body(cluster)
      }
    }

    /// Runs `tx hold` for a hold of euros from bank-a/reserve to bank-b/reserve, and waits for its outcome.
    private func hold(
      _ command: String, _ options: [String], _ key: String, _ cluster: TestCluster, reference: String = reference
    ) async throws -> Roadbed.Run {
      let terms = ["--from", "bank-a/reserve", "--to", "bank-b/reserve", "--asset", "eur", "--reference", reference]
      return try await Roadbed.run(
        ["tx", "hold", command] + terms + options + ["--dir", cluster.directory, "--key", key, "--wait"])
    }

    private func succeed(
      _ command: String, _ options: [String] = [], by key: String, _ cluster: TestCluster,
      reference: String = reference
    ) async throws {
      let run = try await hold(command, options, key, cluster, reference: reference)
      #expect(run.status == 0, "\(run.output)\(run.error)")
    }

    /// The balance of an asset as the first node shows it.
    private func balance(_ account: String, _ cluster: TestCluster, asset: String = "eur") async throws -> BalanceView {
      let view: AccountView = try await Roadbed.succeed(
        "query", "account", account, "--node", cluster.api(1), "--json"
      ).decoded()
      return try #require(view.balances.first { "\($0.asset)" == asset })
    }

    private func holds(_ cluster: TestCluster, _ options: String...) async throws -> Page<HoldView> {
      let run = try await Roadbed.run(["query", "holds", "--node", cluster.api(1), "--json"] + options)
      #expect(run.status == 0, "\(run.error)")
      return try run.decoded()
    }

    // MARK: One hold

    @Test(
      "What is held is neither available to the payer nor the payee's: it is captured in part, and the rest released")
    func life() async throws {
      try await withBanks(nodes: 1) { cluster in
        try await succeed(
          "place", ["--amount", "100", "--expires", "1h", "--arbiter", "notary"], by: "bank-a", cluster)
        let shown = try await Roadbed.succeed("query", "account", "bank-a/reserve", "--node", cluster.api(1))
        #expect(shown.output.contains(/ASSET +AVAILABLE +HELD/), "\(shown.output)")
        #expect(shown.output.contains(/eur +999900\.00 +100\.00/), "\(shown.output)")
        #expect(try await balance("bank-b/reserve", cluster).held == nil)
        let listed = try #require(try await holds(cluster, "--from", "bank-a/reserve").items.first)
        #expect(
          listed.amount == "100.00" && "\(listed.reference)" == Self.reference && "\(listed.to)" == "bank-b/reserve")
        #expect(listed.arbiter?.description == "notary")
        let again = try await hold("place", ["--amount", "1", "--expires", "1h"], "bank-a", cluster)
        #expect(again.status == 1 && again.output.contains("[hold.exists]"), "\(again.output)")
        try await proveOpen(cluster)

        try await succeed("capture", ["--amount", "40"], by: "bank-b", cluster)
        #expect(try await balance("bank-b/reserve", cluster).amount == "750040.00")
        let payer = try await balance("bank-a/reserve", cluster)
        #expect(payer.amount == "999900.00" && payer.held == "60.00" && payer.heldUnits == Amount(6000))
        try await refuseWrongOnes(cluster)

        try await succeed("release", by: "notary", cluster)
        let released = try await balance("bank-a/reserve", cluster)
        #expect(released.amount == "999960.00" && released.held == nil)
        #expect(try await holds(cluster).items.isEmpty)
        let late = try await hold("capture", ["--amount", "1"], "bank-b", cluster)
        #expect(late.status == 1 && late.output.contains("[hold.unknown]"), "\(late.output)")
        try await proveAbsent(cluster)
        let history = try await Roadbed.succeed("query", "history", "bank-b/reserve", "--node", cluster.api(1))
        for kind in ["place 100.00", "capture 40.00", "release"] {
          #expect(
            history.output.contains("hold.\(kind) eur from bank-a/reserve to bank-b/reserve"), "\(history.output)")
        }
      }
    }

    /// Expects that a party without authority is refused at once and a broken rule in the block, and that both errors name
    /// what was asked for.
    private func refuseWrongOnes(_ cluster: TestCluster) async throws {
      let payer = try await hold("capture", ["--amount", "40"], "bank-a", cluster)
      #expect(payer.status == 1 && payer.errorCode == "admission.missing-authority" && payer.hasNextStep)
      let what = "eur from bank-a/reserve to bank-b/reserve of '\(Self.reference)'"
      #expect(payer.error.contains("hold.capture 40.00 \(what)"), "\(payer.error)")
      let early = try await hold("release", [], "bank-a", cluster)
      #expect(early.status == 1)
      #expect((early.output + early.error).contains("authority"), "\(early.output)\(early.error)")
      #expect((early.output + early.error).contains("hold.release \(what)"), "\(early.output)\(early.error)")
      let tooMuch = try await hold("capture", ["--amount", "60.01", "--closes"], "bank-b", cluster)
      #expect(tooMuch.status == 1)
      #expect(
        tooMuch.output.contains(
          "FAILED at operation 0 [hold.amount-exceeded]: less than the amount is still held (hold.capture 60.01 \(what)"
        ), "\(tooMuch.output)")
      let other = try await Roadbed.run([
        "tx", "hold", "capture", "--from", "bank-a/reserve", "--to", "bank-b", "--asset", "eur", "--reference",
        Self.reference, "--amount", "1", "--dir", cluster.directory, "--key", "bank-b", "--wait",
      ])
      #expect(other.status == 1 && other.output.contains("[hold.other-terms]"), "\(other.output)")
      #expect(try await balance("bank-a/reserve", cluster).held == "60.00")
    }

    private func prove(_ name: String, _ cluster: TestCluster) async throws -> String {
      let file = cluster.folder.path(name)
      try await Roadbed.succeed(
        "proof", "get", "hold", "bank-a/reserve", Self.reference, "-o", file, "--node", cluster.api(1))
      return try await Roadbed.succeed("proof", "verify", file, "--genesis", cluster.genesisFile).output
    }

    private func proveOpen(_ cluster: TestCluster) async throws {
      let proved = try await prove("hold.json", cluster)
      #expect(proved.contains("hold '\(Self.reference)' of account bank-a/reserve"), "\(proved)")
      for line in [/units +10000\n/, /to +bank-b\/reserve\n/, /asset +eur\n/, /arbiter +notary\n/] {
        #expect(proved.contains(line), "\(proved)")
      }
      let port = cluster.apiPort(1)
      for path in ["x/NO", "%00/bank-a", "\(String(repeating: "x", count: 65))/bank-a", "x/bank-a?height=1"] {
        let answer = try RawHTTP.request("GET", "/v1/proofs/holds/\(path)", port: port)
        #expect(answer.status == 400 && answer.code == "request.parameter", "\(path): \(answer.body)")
      }
    }

    private func proveAbsent(_ cluster: TestCluster) async throws {
      let proved = try await prove("absent.json", cluster)
      #expect(proved.contains("no such entry as hold '\(Self.reference)' of account bank-a/reserve"), "\(proved)")
    }

    // MARK: Delivery against payment

    @Test("Delivery against payment: two holds are captured by one transaction that both members sign, or neither is")
    func delivery() async throws {
      try await withBanks(nodes: 1) { cluster in
        let directory = ["--dir", cluster.directory]
        for arguments in [
          ["tx", "define", "bond", "--issuer", "mint", "--decimals", "0", "--key", "mint", "--wait"],
          ["tx", "issue", "--to", "bank-b/reserve", "--asset", "bond", "--amount", "10", "--key", "mint", "--wait"],
          [
            "tx", "hold", "place", "--from", "bank-b/reserve", "--to", "bank-a/reserve", "--asset", "bond", "--amount",
            "10", "--reference", "DVP-1", "--expires", "1h", "--key", "bank-b", "--wait",
          ],
        ] {
          let run = try await Roadbed.run(arguments + directory)
          #expect(run.status == 0, "\(run.output)\(run.error)")
        }
        try await succeed("place", ["--amount", "500", "--expires", "1h"], by: "bank-a", cluster, reference: "DVP-1")

        let failed = try await settle(bonds: 11, cluster)
        #expect(failed.status == 1)
        let reason =
          "FAILED at operation 1 [hold.amount-exceeded]: less than the amount is still held (hold.capture 11 bond"
        #expect(failed.output.contains(reason), "\(failed.output)")
        #expect(try await balance("bank-a/reserve", cluster).held == "500.00")
        #expect(try await balance("bank-b/reserve", cluster).amount == "750000.00")
        // Nothing is available of what is all held, and still it is shown.
        let bonds = try await balance("bank-b/reserve", cluster, asset: "bond")
        #expect(bonds.units == .zero && bonds.held == "10")

        let settled = try await settle(bonds: 10, cluster)
        #expect(settled.status == 0, "\(settled.output)\(settled.error)")
        let payment = try await balance("bank-a/reserve", cluster)
        #expect(payment.amount == "999500.00" && payment.held == nil)
        #expect(try await balance("bank-b/reserve", cluster).amount == "750500.00")
        #expect(try await balance("bank-a/reserve", cluster, asset: "bond").amount == "10")
        #expect(try await holds(cluster).items.isEmpty)
      }
    }

    /// Has bank-a sign the two captures, and bank-b sign and submit them.
    private func settle(bonds: Int, _ cluster: TestCluster) async throws -> Roadbed.Run {
      let file = try cluster.folder.write(
        """
        [{"kind": "hold.capture", "asset": "eur", "from": "bank-a/reserve", "to": "bank-b/reserve",
          "reference": "DVP-1", "amount": "500.00"},
         {"kind": "hold.capture", "asset": "bond", "from": "bank-b/reserve", "to": "bank-a/reserve",
          "reference": "DVP-1", "amount": "\(bonds)"}]
        """, to: "settle-\(bonds).json")
      let signed = cluster.folder.path("signed-\(bonds).json")
      try await Roadbed.succeed("tx", "sign", file, "--dir", cluster.directory, "--key", "bank-a", "-o", signed)
      return try await Roadbed.run([
        "tx", "submit", signed, "--dir", cluster.directory, "--key", "bank-b", "--wait",
      ])
    }

    // MARK: Expiry

    @Test("An expired hold returns to the payer on an idle chain, without any transaction, at every node")
    func expiry() async throws {
      try await withBanks(nodes: 4) { cluster in
        try await succeed("place", ["--amount", "100", "--expires", "10s"], by: "bank-a", cluster)
        let held = try await holds(cluster)
        #expect(held.items.count == 1)
        let transactions = try await cluster.occurrences(askedOf: 1)
        for number in 1...4 {
          let client = try cluster.client(number)
          let account = try #require(AccountName("bank-a/reserve"))
          try await cluster.waitUntil("the hold returns at node \(number)") {
            let balance = try await client.account(account).balances.first { "\($0.asset)" == "eur" }
            return balance?.amount == "1000000.00" && balance?.held == nil
          }
          #expect(try await client.holds().items.isEmpty)
          await client.shutdown()
        }
        try await cluster.waitUntilLevel()
        #expect(try await cluster.occurrences(askedOf: 1) == transactions)
        let expires = try #require(held.items.first).expires
        let client = try cluster.client(1)
        #expect(try await client.latestBlock().time >= expires)
        await client.shutdown()
        try await cluster.stop()
        for number in 1...4 {
          let audit: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
          #expect(audit.firstFault == nil)
        }
      }
    }

    // MARK: Lists

    @Test("The list has the holds of a payer, a payee, an account or all, the first to expire first, page by page")
    func lists() async throws {
      try await withBanks(nodes: 1) { cluster in
        let (one, other) = (try #require(AccountName("bank-a/reserve")), try #require(AccountName("bank-b/reserve")))
        let eur = try #require(Name("eur"))
        let start = Timestamp(UInt64(Date().timeIntervalSince1970 * 1000)).advanced(byMilliseconds: 3_600_000)
        func place(
          _ from: AccountName, _ to: AccountName, _ reference: String, _ minute: UInt64
        ) throws
          -> Ledger.Operation
        {
          .holdPlace(
            asset: eur, from: from, to: to, amount: Amount(1), reference: try #require(HoldReference(reference)),
            expires: start.advanced(byMilliseconds: minute * 60_000))
        }
        let client = try cluster.client(1)
        let transaction = try TransactionBuilder(genesis: try cluster.genesis()).transaction(
          [
            try place(one, other, "c", 3), try place(other, one, "d", 2), try place(one, other, "a", 1),
            try place(one, other, "b", 3), try place(other, one, "a", 5),
          ], signers: [try cluster.signer("bank-a"), try cluster.signer("bank-b")])
        let result = try await client.submit(transaction, wait: .seconds(20))
        #expect(result.outcome?.applied == true)

        func all(_ filter: HoldFilter, before end: Timestamp? = nil) async throws -> [String] {
          var (found, next): ([String], String?) = ([], nil)
          repeat {
            let page = try await client.holds(filter, expiresBefore: end, after: next, limit: 1)
            #expect(page.items.count <= 1)
            found += page.items.map { "\($0.reference)" }
            next = page.next
          } while next != nil
          return found
        }
        #expect(try await all(.all) == ["a", "d", "b", "c", "a"])
        #expect(try await all(.account(one)) == ["a", "d", "b", "c", "a"])
        #expect(try await all(.from(one)) == ["a", "b", "c"])
        #expect(try await all(.to(one)) == ["d", "a"])
        #expect(try await all(.reference(try #require(HoldReference("d")), from: other)) == ["d"])
        #expect(try await all(.reference(try #require(HoldReference("d")), from: one)).isEmpty)
        #expect(try await all(.all, before: start.advanced(byMilliseconds: 180_000)) == ["a", "d"])
        let page = try await client.holds(limit: 100)
        #expect(page.items.count == 5 && page.next == nil)
        #expect(page.height >= (try #require(result.height)))
        await client.shutdown()
        let table = try await Roadbed.succeed("query", "holds", "--account", "bank-a/reserve", "--node", cluster.api(1))
        #expect(table.output.contains(/EXPIRES +FROM +TO +REFERENCE +HELD +ARBITER +PLACED/), "\(table.output)")
        #expect(table.output.contains(/bank-b\/reserve +bank-a\/reserve +d +0\.01 eur +- +block/), "\(table.output)")
        try refuseRequests(cluster.apiPort(1))
      }
    }

    private func refuseRequests(_ port: Int) throws {
      for query in [
        "from=NO", "account=", "from=a&to=b", "account=a&from=a", "reference=x", "to=bank-a&reference=x",
        "from=bank-a&reference=", "expiresBefore=soon", "expiresBefore=5", "after=x", "after=01-41-bank-a", "limit=0",
        "limit=101", "side=from", "from=bank-a&from=bank-a",
      ] {
        let answer = try RawHTTP.request("GET", "/v1/holds?\(query)", port: port)
        #expect(answer.status == 400 && answer.code == "request.parameter", "\(query): \(answer.body)")
      }
      let unknown = try RawHTTP.request("GET", "/v1/holds?from=bank-a/none", port: port)
      #expect(unknown.status == 404 && unknown.code == "account.unknown")
      #expect(try RawHTTP.request("GET", "/v1/holds/x", port: port).status == 404)
    }

    // MARK: Older chains

    @Test(
      "A chain of genesis version 3 takes holds once its administrators have raised its rules, and refuses them before")
    func olderChain() async throws {
      try await TestCluster.withKept("cluster", nodes: 4) { cluster in
        try await cluster.up()
        let terms = ["--amount", "1", "--expires", "1h"]
        let early = try await hold("place", terms, "bank-a", cluster)
        #expect(early.status == 1 && early.errorCode == "admission.later-rules" && early.hasNextStep, "\(early.error)")
        #expect(early.error.contains("hold.place 1.00 eur from bank-a/reserve to bank-b/reserve"), "\(early.error)")
        try await Roadbed.succeed(
          "parameter", "set", "rulesVersion", "4", "--dir", cluster.directory, "--key", "registry", "--wait", "--yes")
        try await succeed("place", terms, by: "bank-a", cluster)
        #expect(try await balance("bank-a/reserve", cluster).held == "1.00")
        try await cluster.waitUntilLevel()
        try await cluster.stop()
        for number in 1...4 {
          let audit: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
          #expect(audit.firstFault == nil)
        }
      }
    }
  }
}

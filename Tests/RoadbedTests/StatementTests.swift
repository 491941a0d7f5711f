import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Statements of accounts from real nodes, with proofs of the balances at both ends.
  @Testing.Suite(.serialized)
  struct StatementTests {
    private static let steps = [
      ("registry", "1-admit-members"), ("mint", "2-define-euro"), ("bank-a", "3-bank-a-opens-accounts"),
      ("bank-b", "4-bank-b-opens-accounts"), ("mint", "5-issue-euro"),
    ]
    private static let (payer, payee) = ("bank-a/reserve", "bank-b/reserve")
    private static let kinds: [Movement.Kind] = [
      .place, .capture, .release, .place, .capture, .place, .transfer, .expiry,
    ]

    private struct End: Decodable {
      struct Balance: Decodable { var asset, available, held, basis: String }
      var height: UInt64
      var balances: [Balance]
    }

    private struct Document: Decodable {
      struct Movement: Decodable { var kind, balance, heldBalance: String }
      var opening, closing: End
      var movementCount: Int
      var movements: [Movement]
    }

    private func send(_ arguments: [String], by key: String, _ cluster: TestCluster) async throws {
      let run = try await Roadbed.run(["tx"] + arguments + ["--dir", cluster.directory, "--key", key, "--wait"])
      #expect(run.status == 0, "\(arguments): \(run.output)\(run.error)")
    }

    private func hold(
      _ command: String, _ reference: String, _ options: [String], by key: String, _ cluster: TestCluster
    ) async throws {
      let terms = ["--from", Self.payer, "--to", Self.payee, "--asset", "eur", "--reference", reference]
      try await send(["hold", command] + terms + options, by: key, cluster)
    }

    private func prove(_ account: String, _ name: String, _ cluster: TestCluster) async throws -> String {
      try await cluster.waitUntilLevel()
      let file = cluster.folder.path(name)
      try await Roadbed.succeed("proof", "get", "balance", account, "eur", "-o", file, "--dir", cluster.directory)
      return file
    }

    /// Holds that are captured in part, released, closed and expired, and a payment.
    private func move(_ cluster: TestCluster) async throws {
      try await hold("place", "ONE", ["--amount", "100", "--expires", "1h"], by: "bank-a", cluster)
      try await hold("capture", "ONE", ["--amount", "40"], by: "bank-b", cluster)
      try await hold("release", "ONE", [], by: "bank-b", cluster)
      try await hold("place", "TWO", ["--amount", "30", "--expires", "1h"], by: "bank-a", cluster)
      try await hold("capture", "TWO", ["--amount", "10", "--closes"], by: "bank-b", cluster)
      try await hold("place", "=3", ["--amount", "5", "--expires", "10s"], by: "bank-a", cluster)
      try await send(
        [
          "transfer", "--from", Self.payer, "--to", Self.payee, "--asset", "eur", "--amount", "7", "--memo",
          "rent, \"May\"",
        ],
        by: "bank-a", cluster)
      let client = try cluster.client(1)
      try await cluster.waitUntil("the hold returns") { try await client.holds().items.isEmpty }
      await client.shutdown()
    }

    @Test("A statement leads from one proved balance to another through every hold and payment, as text, JSON and CSV")
    func story() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        for (signer, step) in Self.steps {
          try await send(["submit", "\(Roadbed.root)/Config/story/\(step).json"], by: signer, cluster)
        }
        let opening = try await prove(Self.payer, "opening.json", cluster)
        try await move(cluster)
        let closing = try await prove(Self.payer, "closing.json", cluster)
        let proofs = ["--opening-proof", opening, "--closing-proof", closing]
        let document = try await json(proofs, cluster)
        #expect(document.movements.map(\.kind) == Self.kinds.map(\.rawValue) && document.movementCount == 8)
        #expect(document.movements.map(\.balance).suffix(2) == ["999938.00", "999943.00"])
        #expect(document.movements.map(\.heldBalance).prefix(3) == ["100.00", "60.00", "0.00"])
        let (first, last) = (
          try #require(document.opening.balances.first), try #require(document.closing.balances.first)
        )
        #expect(first.available == "1000000.00" && first.basis == "proof")
        #expect(last.available == "999943.00" && last.held == "0.00" && last.basis == "proof")
        try await text(proofs, document, cluster)
        try await csv(proofs, cluster)
        try await others(document, cluster)
        try await refused(opening, closing, cluster)
        try await everyNode(cluster)
      }
    }

    private func statement(_ account: String, _ options: [String], _ cluster: TestCluster) async throws -> Roadbed.Run {
      let run = try await Roadbed.run(["query", "statement", account, "--dir", cluster.directory] + options)
      #expect(run.status == 0, "\(options): \(run.output)\(run.error)")
      return run
    }

    private func json(_ options: [String], _ cluster: TestCluster, of account: String = payer) async throws -> Document
    {
      try await statement(account, options + ["--json"], cluster).decoded()
    }

    private func text(_ proofs: [String], _ document: Document, _ cluster: TestCluster) async throws {
      let shown = try await statement(Self.payer, proofs, cluster).output
      let (from, to) = (document.opening.height, document.closing.height)
      #expect(shown.contains("after block \(from), through block \(to)"), "\(shown)")
      #expect(
        shown.contains(
          "reconciled: 8 movements lead from the opening to the closing amounts; proved: the opening balance of eur after "
            + "block \(from), and the closing balance of eur after block \(to); not proved, but the node's word: what is "
            + "held, each movement"), "\(shown)")
      #expect(shown.contains(/hold\.expiry +eur +5\.00 +-5\.00 +999943\.00 +0\.00 +bank-b\/reserve +=3/), "\(shown)")
      #expect(shown.contains(/asset\.transfer +eur +-7\.00 +- +999938\.00 +5\.00 +bank-b\/reserve +rent/), "\(shown)")
      let unproved = try await statement(Self.payer, ["--from", "\(from)", "--to", "\(to)"], cluster).output
      #expect(unproved.contains("nothing is proved: every amount is the node's word"), "\(unproved)")
      #expect(!unproved.contains("; proved"), "\(unproved)")
    }

    private func csv(_ proofs: [String], _ cluster: TestCluster) async throws {
      let output = try await statement(Self.payer, proofs + ["--csv"], cluster).output
      let rows = output.components(separatedBy: "\r\n")
      #expect(rows.count == 12 && rows.last == "", "\(output)")
      let width = rows[0].split(separator: ",").count
      #expect(rows[1].hasPrefix("opening,") && rows[1].hasSuffix(",1000000.00,0.00,proof"), "\(rows[1])")
      #expect(rows[10].hasPrefix("closing,") && rows[10].hasSuffix(",999943.00,0.00,proof"), "\(rows[10])")
      #expect(rows[8].contains(",\"rent, \"\"May\"\"\",-7.00,,999938.00,5.00,"), "\(rows[8])")
      #expect(rows[9].contains(",hold.expiry,eur,bank-b/reserve,'=3,,5.00,-5.00,"), "\(rows[9])")
      for row in rows[1..<8] { #expect(row.split(separator: ",", omittingEmptySubsequences: false).count == width) }
    }

    /// Other accounts and other ways to say when.
    private func others(_ document: Document, _ cluster: TestCluster) async throws {
      let payee = try await json(["--prove"], cluster, of: Self.payee)
      #expect(payee.movements.map(\.kind) == ["asset.issue", "hold.capture", "hold.capture", "asset.transfer"])
      let end = try #require(payee.closing.balances.first)
      #expect(end.available == "750057.00" && end.basis == "proof")
      #expect(payee.opening.height == 0 && payee.opening.balances.first?.basis == "genesis")

      let client = try cluster.client(1)
      let time = try await client.block(Height(document.opening.height + 1)).time
      await client.shutdown()
      let later = try await json(["--from", time.iso8601, "--to", "9999-01-01"], cluster)
      #expect(later.opening.height == document.opening.height && later.movementCount == 8)
      let early = try await json(["--to", time.iso8601], cluster)
      #expect(early.closing.height == document.opening.height && early.movementCount == 1)
      let none = try await json(
        ["--from", "\(document.closing.height)", "--to", "\(document.closing.height)"], cluster)
      #expect(none.movements.isEmpty && none.closing.balances.first?.available == "999943.00")
      let other = try await json(["--asset", "usd"], cluster)
      #expect(other.movementCount == 0 && other.closing.balances.isEmpty)
    }

    private func refused(_ opening: String, _ closing: String, _ cluster: TestCluster) async throws {
      let directory = cluster.directory
      let tampered = cluster.folder.path("tampered.json")
      let text = try String(contentsOfFile: closing, encoding: .utf8)
      try text.replacing("\"units\"", with: "\"unit\"").write(toFile: tampered, atomically: true, encoding: .utf8)
      let run = try await Roadbed.run([
        "query", "statement", Self.payer, "--opening-proof", opening, "--closing-proof", tampered, "--dir", directory,
      ])
      #expect(run.status == 1 && run.output.isEmpty && run.hasNextStep, "\(run.output)\(run.error)")
      try await Roadbed.expectRefusal(
        "statement.other-proof", "query", "statement", Self.payee, "--opening-proof", opening, "--dir", directory)
      try await Roadbed.expectRefusal(
        "statement.reversed", "query", "statement", Self.payer, "--opening-proof", closing, "--closing-proof", opening,
        "--dir", directory)
      try await Roadbed.expectRefusal(
        "account.unknown", "query", "statement", "bank-a/none", "--dir", directory)
      for options in [["--from", "1", "--opening-proof", opening], ["--json", "--csv"], ["--to", "1", "--prove"]] {
        let run = try await Roadbed.run(["query", "statement", Self.payer, "--dir", directory] + options)
        #expect(run.status == 2, "\(options): \(run.error)")
      }
      let port = cluster.apiPort(1)
      for query in [
        "", "account=NO", "account=bank-a&from=0", "account=bank-a&from=x", "account=bank-a&to=x",
        "account=bank-a&from=9&to=2", "account=bank-a&after=1", "account=bank-a&limit=101", "account=bank-a&until=3",
      ] {
        let answer = try RawHTTP.request("GET", "/v1/account-movements?\(query)", port: port)
        #expect(answer.status == 400 && answer.code == "request.parameter", "\(query): \(answer.body)")
      }
      let late = try RawHTTP.request("GET", "/v1/account-movements?account=bank-a&to=1000000", port: port)
      #expect(late.status == 404 && late.code == "block.unknown")
    }

    /// Expects the same movements from every node, in pages of any size, and from a node that read its log again.
    private func everyNode(_ cluster: TestCluster) async throws {
      let account = try #require(AccountName(Self.payer))
      func movements(_ number: Int, pages size: Int) async throws -> [MovementView] {
        let client = try cluster.client(number)
        var (items, after): ([MovementView], String?) = ([], nil)
        repeat {
          let page = try await client.movements(of: account, after: after, limit: size)
          #expect(page.items.count <= size && (page.balances != nil) == (after == nil))
          items += page.items
          after = page.next
        } while after != nil
        await client.shutdown()
        return items
      }
      let all = try await movements(1, pages: 100)
      #expect(all.count == 9)
      for number in 1...4 { #expect(try await movements(number, pages: number) == all) }
      cluster.kill(2)
      for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
        try? FileManager.default.removeItem(atPath: "\(cluster.node(2))/\(name)")
      }
      try await cluster.start(2)
      try await cluster.waitUntilAllAnswer()
      #expect(try await movements(2, pages: 3) == all)
    }
  }
}

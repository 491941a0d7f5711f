import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// At which height lists are true, and how queries may be written.
  @Testing.Suite(.serialized)
  struct AnswerTests {
    private func history(_ cluster: TestCluster, _ account: String, _ query: String = "") throws -> Page<HistoryEntry> {
      let answer = try RawHTTP.request(
        "GET", "/v1/account-history?account=\(account)\(query)", port: cluster.apiPort(1))
      try #require(answer.status == 200, "\(answer.body)")
      return try AnswerCoding.decode(from: Data(answer.body.utf8))
    }

    @Test("Right after 'final' the history always has the transaction, and says up to which height it is complete")
    func historyIsCurrent() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let builder = TransactionBuilder(genesis: try cluster.genesis())
        let signer = try cluster.signer("registry")
        let client = try cluster.client(1)
        // Queries come faster than the index writes on its own schedule.
        for number in 1...8 {
          let account = try #require(AccountName("registry/h\(number)"))
          let transaction = try builder.transaction(
            [.accountOpen(account: account, description: "")], signers: [signer])
          let result = try await client.submit(transaction, wait: .seconds(20))
          let height = try #require(result.height)
          let page = try history(cluster, "\(account)")
          #expect(page.items.map(\.id) == [transaction.id], "payment \(number)")
          #expect(page.height >= height)
          let status = try await client.status()
          #expect(status.height >= height)
        }
        await client.shutdown()
      }
    }

    private func open(
      _ account: AccountName, _ builder: TransactionBuilder, _ signer: Signer, _ client: LedgerClient
    ) async throws -> Digest {
      let transaction = try builder.transaction([.accountOpen(account: account, description: "")], signers: [signer])
      let result = try await client.submit(transaction, wait: .seconds(20))
      try #require(result.status == .finalized)
      return transaction.id
    }

    @Test("Pages of a history lose and repeat nothing while the chain grows, and every list has its height")
    func parts() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let builder = TransactionBuilder(genesis: try cluster.genesis())
        let signer = try cluster.signer("registry")
        let client = try cluster.client(1)
        let account = try #require(AccountName("registry/busy"))
        var ids: [Digest] = []
        // Opening the account again fails, but such transactions are part of its history too.
        for _ in 0..<12 { ids.append(try await open(account, builder, signer, client)) }
        let wanted = Array(ids.reversed())
        var seen: [Digest] = []
        var next: String?
        repeat {
          let page = try history(cluster, "registry/busy", "&limit=5" + (next.map { "&before=\($0)" } ?? ""))
          seen += page.items.map(\.id)
          next = page.next
          ids.append(try await open(account, builder, signer, client))
        } while next != nil
        #expect(seen == wanted)
        let height = try await client.status().height
        for list in ["members", "assets", "accounts", "accounts?owner=registry", "blocks", "validators"] {
          struct Part: Decodable { var height: UInt64 }
          let body = try RawHTTP.request("GET", "/v1/\(list)", port: cluster.apiPort(1)).body
          let part = try AnswerCoding.decode(Part.self, from: Data(body.utf8))
          #expect(part.height >= height.rawValue, "\(list)")
        }
        await client.shutdown()
      }
    }

    @Test("A query has one spelling: unknown, repeated or differently spelt parameters are refused, not ignored")
    func spelling() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await Roadbed.succeed(
          "tx", "open", "registry/one", "--dir", cluster.directory, "--key", "registry", "--wait")
        func get(_ path: String) throws -> RawHTTP.Answer {
          try RawHTTP.request("GET", "/v1/\(path)", port: cluster.apiPort(1))
        }
        let misspelt = try get("accounts?ownr=registry")
        #expect(misspelt.status == 400 && misspelt.code == "request.parameter")
        #expect(misspelt.body.contains("did you mean 'owner'?"), "\(misspelt.body)")
        let id = String(repeating: "a", count: 64)
        for path in [
          "transactions/\(id)?wiat=finalized", "transactions/\(id)?timeout=5",
          "transactions/\(id)/receipt?wait=finalized",
          "transactions/\(id.uppercased())", "transactions/\(id)?wait=finalized&timeout=05",
          "accounts?limit=1&limit=2", "accounts?limit=01", "accounts?limit=+1", "accounts?limit=%2B1", "accounts?limit",
          "accounts?after=%zz", "accounts/registry/one?x=1", "members?owner=registry", "members/registry?limit=1",
          "assets?from=1", "blocks?after=1", "blocks?from=00", "blocks/01", "blocks/+1", "blocks/latest?x",
          "status?x=1", "health?x=1", "validators?limit=1", "genesis?x=1", "account-history",
          "account-history?account=registry/one&before=7.0", "account-history?account=registry/one&before=07-0",
          "account-history?account=registry/one&after=7-0", "records/registry/a?history",
        ] {
          let answer = try get(path)
          #expect(answer.status == 400 && answer.code == "request.parameter", "\(path): \(answer)")
          #expect(answer.body.utf8.count < 1500)
        }
        let long = String(repeating: "x", count: 5000)
        for path in ["accounts?\(long)=1", "accounts?after=\(long)", "members/\(long)", "blocks/\(long)"] {
          #expect(try get(path).body.utf8.count < 1500, "\(path.prefix(20))")
        }
        for (path, code) in [
          ("account-history?account=registry/two", "account.unknown"), ("accounts?owner=nobody", "member.unknown"),
          ("accounts/registry/two", "account.unknown"), ("records/registry/x?history=true", "record.unknown"),
        ] {
          let answer = try get(path)
          #expect(answer.status == 404 && answer.code == code, "\(path): \(answer)")
        }
        #expect(try get("accounts?owner=registry&limit=1").status == 200)
        let many = try RawHTTP.request(
          "POST", "/v1/transactions?mny=true", port: cluster.apiPort(1), contentType: "application/octet-stream",
          body: [1])
        #expect(many.code == "request.parameter")
      }
    }

    @Test(
      "An operation for a member that does not exist is reported as such, and times in admission errors are readable")
    func admission() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let run = try await Roadbed.run(
          "tx", "open", "nobody/x", "--dir", cluster.directory, "--key", "registry", "--wait")
        #expect(run.status == 1 && run.errorCode == "admission.no-such-member", "\(run.error)")
        #expect(run.error.contains("nobody"))
      }
    }
  }
}

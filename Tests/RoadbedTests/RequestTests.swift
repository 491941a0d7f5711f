import Foundation
import LedgerClient
import LedgerJSON
import Testing

extension Processes {
  /// Wrong requests, accidental or deliberate: each is answered, and the node continues to work.
  @Testing.Suite(.serialized)
  struct RequestTests {
    @Test("N1: malformed, oversized and unauthorised requests are answered with code and next step; the node continues")
    func requests() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let port = cluster.apiPort(1)
        func post(_ text: String, type: String = "application/json") throws -> RawHTTP.Answer {
          try RawHTTP.request("POST", "/v1/transactions", port: port, contentType: type, body: Array(text.utf8))
        }
        #expect(try post("{").status == 400)
        #expect(try post("{").code == "json.syntax")
        #expect(try post("[]").status == 400)
        #expect(try post("{\"operations\":[]}").status == 400)
        #expect(try post(String(repeating: "[", count: 100_000)).code == "json.syntax")
        #expect(try post("\u{0}\u{1}\u{2}", type: "application/octet-stream").status == 400)
        #expect(try post(String(repeating: "x", count: 9 << 20), type: "application/octet-stream").status == 413)

        // Several transactions in one request: each is answered separately, in JSON unless the client accepts the
        // binary form.
        let many = [1, 0, 0, 0, 7, 1, 0, 0, 0, 8] as [UInt8]
        let listed = try RawHTTP.request(
          "POST", "/v1/transactions?many=true", port: port, contentType: "application/octet-stream", body: many)
        #expect(listed.status == 202)
        let inJSON = try AnswerCoding.decode(SubmitResults.self, from: Data(listed.body.utf8)).results
        #expect(inJSON.map(\.status) == [.refused, .refused])
        let inBytes = try await LedgerClient.with(nodes: [NodeAddress.parse(cluster.api(1))]) { client in
          try await client.submit(many: [[7], [8]])
        }
        #expect(inBytes == inJSON)

        #expect(try RawHTTP.request("GET", "/v1/nothing", port: port).status == 404)
        #expect(try RawHTTP.request("DELETE", "/v1/transactions", port: port).status == 405)
        #expect(try RawHTTP.request("GET", "/v1/transactions/zz", port: port).status == 400)
        #expect(try RawHTTP.request("GET", "/v1/blocks/99999999999999999999999", port: port).status == 400)
        #expect(try RawHTTP.request("GET", "/v1/blocks/7", port: port).status == 404)
        #expect(try RawHTTP.request("GET", "/v1/accounts/NO", port: port).status == 400)
        #expect(try RawHTTP.request("GET", "/v1/accounts?limit=-1", port: port).status == 400)
        _ = try? RawHTTP.exchange(Array("GARBAGE\r\n\r\n".utf8), port: port)
        _ = try? RawHTTP.exchange([0x16, 0x03, 0x01, 0x02, 0x00], port: port)

        try await Roadbed.succeed("query", "health", "--node", cluster.api(1))
        try await Roadbed.succeed(
          "tx", "open", "registry/still-here", "--dir", cluster.directory, "--key", "registry", "--wait")
      }
    }

    @Test("A forbidden or impossible transaction is refused or fails with its reason, and exit status 1")
    func transactions() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let directory = cluster.directory
        // The bank is not a member yet.
        try await Roadbed.expectRefusal(
          "admission.unknown-member", "tx", "open", "bank-a/x", "--dir", directory, "--key", "bank-a", "--wait")
        // The signature of the account's owner is missing.
        try await Roadbed.expectRefusal(
          "admission.missing-authority", "tx", "open", "operator1/x", "--dir", directory, "--key", "registry")
        try await Roadbed.succeed("tx", "open", "registry/x", "--dir", directory, "--key", "registry", "--wait")
        let twice = try await Roadbed.run(
          "tx", "open", "registry/x", "--dir", directory, "--key", "registry", "--wait", "--json")
        #expect(twice.status == 1)
        #expect(twice.output.contains("account.exists"))
        try await Roadbed.expectRefusal("command.no-key", "tx", "open", "registry/y", "--dir", directory)
        try await Roadbed.expectRefusal(
          "client.unreachable", "query", "status", "--node", "http://127.0.0.1:9")
        try await Roadbed.expectRefusal("command.no-node", "query", "status")
        for (address, text) in [
          ("https://127.0.0.1:\(cluster.apiPort(1))", "does not speak TLS"),
          ("http://nowhere.invalid:1", "the host name nowhere.invalid is unknown"),
          ("http://127.0.0.1:\(cluster.basePort + 1)", "Connection refused"),
        ] {
          let run = try await Roadbed.run("query", "status", "--node", address)
          #expect(run.errorCode == "client.unreachable" && run.error.contains(text), "\(run.error)")
          #expect(run.error.firstMatch(of: /Error\b|BoringSSL|errno:|descriptor:/) == nil, "\(run.error)")
        }
      }
    }

    @Test("Two members sign one transaction, each on its own, and a third party submits it")
    func cosigning() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let directory = cluster.directory
        let folder = cluster.folder
        let file = try folder.write(
          """
          [{"kind": "account.open", "account": "registry/shared"},
           {"kind": "member.add", "name": "bank-a", "roles": ["participant"], "keys": ["@key:bank-a"]},
           {"kind": "account.open", "account": "bank-a/shared"}]
          """, to: "operations.json")
        try await Roadbed.succeed(
          "tx", "sign", file, "--dir", directory, "--key", "registry", "-o", folder.path("one.json"))
        // Nobody has signed for bank-a: the first operation that lacks a signature makes the whole transaction fail.
        try await Roadbed.succeed(
          "tx", "sign", folder.path("one.json"), "--genesis", cluster.genesisFile, "--key",
          "operator1=\(directory)/keys/operator1.pem", "-o", folder.path("two.json"))
        // The transaction is accepted, or has already failed if the block is faster than the answer.
        let taken = try await Roadbed.run("tx", "submit", folder.path("two.json"), "--dir", directory, "--json")
        #expect(taken.status == 0 || taken.output.contains("authority.missing"), "\(taken.output) \(taken.error)")
        let run = try await Roadbed.run(
          "tx", "submit", folder.path("two.json"), "--dir", directory, "--wait", "--json")
        #expect(run.status == 1)
        #expect(run.output.contains("authority.missing"))
        #expect(run.output.contains("\"operation\" : 2"))
      }
    }
  }
}

import Foundation
import LedgerJSON
import Testing

extension Processes {
  /// Members that sign one transaction, each on its own machine, with a file passed between them.
  @Testing.Suite(.serialized)
  struct CosigningTests {
    /// What `tx show --json` says, as far as the tests read it.
    private struct Report: Decodable {
      struct Signature: Decodable {
        var member: String
        var valid: Bool
        var counts: Bool?
        var error: ErrorDetail?
      }

      var id: String?
      var expired: Bool?
      var signatures: [Signature]
      var required: [RequiredSignaturesView]?
      var complete: Bool?
      var refusal: ErrorDetail?
      var outcome: OutcomeView?

      /// Who is missing; the administrators count as one.
      var missing: [String] {
        (required ?? []).filter { !$0.signed }.flatMap(\.parties).map { $0.member.map { "\($0)" } ?? "administrators" }
      }
    }

    /// A machine of one member: a folder with its key and nothing else of the cluster's.
    private func machine(_ member: String, _ cluster: TestCluster) throws -> Folder {
      let folder = try Folder()
      try FileManager.default.copyItem(
        atPath: "\(cluster.directory)/keys/\(member).pem", toPath: folder.path("\(member).pem"))
      try FileManager.default.copyItem(atPath: cluster.genesisFile, toPath: folder.path("genesis.json"))
      return folder
    }

    private func sign(_ file: String, as member: String, on folder: Folder, to output: String) async throws {
      try await Roadbed.succeed(
        "tx", "sign", file, "--genesis", folder.path("genesis.json"), "--key", folder.path("\(member).pem"),
        "--decimals", "eur=2", "-o", output)
    }

    private func show(_ file: String, _ cluster: TestCluster, status: Int32 = 0) async throws -> Report {
      let run = try await Roadbed.run("tx", "show", file, "--node", cluster.api(1), "--json")
      #expect(run.status == status, "\(run.output)\(run.error)")
      return try run.decoded(Report.self)
    }

    /// A chain with two banks and euros, of which nobody has any.
    private func prepare(_ cluster: TestCluster) async throws {
      try await Roadbed.succeed(
        "tx", "submit", "\(Roadbed.root)/Config/story/1-admit-members.json", "--dir", cluster.directory, "--key",
        "registry", "--wait")
      try await Roadbed.succeed(
        "tx", "define", "eur", "--issuer", "mint", "--decimals", "2", "--key", "mint", "--dir", cluster.directory,
        "--wait")
    }

    private static let exchange = """
      [{"kind": "asset.transfer", "asset": "eur", "from": "bank-a", "to": "bank-b", "amount": "12.50"},
       {"kind": "account.open", "account": "bank-b/rent"}]
      """

    @Test(
      "Two members sign on separate machines with a file passed between them; after each step it is shown who is missing"
    )
    func separateMachines() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await prepare(cluster)
        let (one, two) = (try machine("bank-a", cluster), try machine("bank-b", cluster))
        defer {
          one.remove()
          two.remove()
        }
        // Nobody has signed: nothing fixes the id yet, and there is no cover.
        let operations = try one.write(Self.exchange, to: "operations.json")
        var report = try await show(operations, cluster)
        #expect(report.id == nil && report.missing == ["bank-a", "bank-b"])
        #expect(report.refusal?.code == "admission.missing-authority")
        #expect(report.outcome?.code == "asset.insufficient-funds" && report.outcome?.operation == 0)
        // The first signs and passes the file on.
        try await sign(operations, as: "bank-a", on: one, to: two.path("half.json"))
        report = try await show(two.path("half.json"), cluster)
        let id = try #require(report.id)
        #expect(report.missing == ["bank-b"] && report.complete == false && report.expired == false)
        #expect(report.signatures.map(\.member) == ["bank-a"] && report.signatures[0].counts == true)
        #expect(report.outcome?.code == "asset.insufficient-funds")
        // Without a node, on the second machine: what would be signed, and that the first signature is valid.
        let offline = try await Roadbed.succeed(
          "tx", "show", two.path("half.json"), "--genesis", two.path("genesis.json"), "--offline", "--decimals", "eur=2"
        )
        #expect(offline.output.contains("asset.transfer 12.50 eur from bank-a to bank-b"), "\(offline.output)")
        #expect(offline.output.contains(": valid") && offline.output.contains(id), "\(offline.output)")
        #expect(offline.output.contains("account.open bank-b/rent"))
        // The second signs: nobody is missing.
        try await sign(two.path("half.json"), as: "bank-b", on: two, to: one.path("whole.json"))
        report = try await show(one.path("whole.json"), cluster)
        #expect(report.id == id && report.missing.isEmpty && report.complete == true)
        #expect(report.refusal == nil)
        #expect(report.outcome?.code == "asset.insufficient-funds")
        // Once the payer has cover, it would be applied.
        try await Roadbed.succeed(
          "tx", "issue", "--to", "bank-a", "--asset", "eur", "--amount", "100", "--key", "mint", "--dir",
          cluster.directory, "--wait")
        report = try await show(one.path("whole.json"), cluster)
        #expect(report.outcome?.applied == true)
        let text = try await Roadbed.succeed("tx", "show", one.path("whole.json"), "--node", cluster.api(1)).output
        for line in ["bank-a 1 of 1 keys: signed (operation 0)", "now: would be accepted", ": applied", " left"] {
          #expect(text.contains(line), "\(text)")
        }
        // Showing has changed nothing, and the transaction does what was foretold.
        let submitted = try await Roadbed.succeed(
          "tx", "submit", one.path("whole.json"), "--dir", cluster.directory, "--wait")
        #expect(submitted.output.contains(id) && submitted.output.contains("applied"))
        report = try await show(one.path("whole.json"), cluster)
        #expect(report.refusal?.code == "admission.already-applied")
      }
    }

    @Test("A signature that was tampered with is named, online and offline, and the exit status is 1")
    func tampered() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await prepare(cluster)
        let machine = try machine("bank-a", cluster)
        defer { machine.remove() }
        let operations = try machine.write(
          #"[{"kind": "account.open", "account": "bank-a/x"}]"#, to: "operations.json")
        let file = machine.path("signed.json")
        try await sign(operations, as: "bank-a", on: machine, to: file)
        let sound = try String(contentsOfFile: file, encoding: .utf8)
        let digits = try #require(sound.firstMatch(of: /"signature": "([0-9a-f]{128})"/)?.1)
        let changed = String(digits.dropLast()) + (digits.last == "0" ? "1" : "0")
        try machine.write(sound.replacing(digits, with: changed), to: "signed.json")
        var report = try await show(file, cluster, status: 1)
        #expect(report.signatures.map(\.valid) == [false] && report.signatures[0].counts == false)
        #expect(report.refusal?.code == "transaction.bad-signature")
        #expect(report.missing == ["bank-a"])
        let offline = try await Roadbed.run(
          "tx", "show", file, "--genesis", machine.path("genesis.json"), "--offline")
        #expect(offline.status == 1 && offline.output.contains("INVALID"), "\(offline.output)")
        try await Roadbed.expectRefusal(
          "transaction.bad-signature", "tx", "submit", file, "--dir", cluster.directory)
        // A new signature with the same key takes the place of the bad one.
        try await sign(file, as: "bank-a", on: machine, to: file)
        report = try await show(file, cluster)
        #expect(report.refusal == nil && report.complete == true)
        // An operation that was changed under the signatures does not have the id that the file names.
        let other = sound.replacing("bank-a/x", with: "bank-a/y")
        try machine.write(other, to: "other.json")
        try await Roadbed.expectRefusal(
          "json.invalid-value", "tx", "show", machine.path("other.json"), "--genesis", machine.path("genesis.json"),
          "--offline")
      }
    }

    @Test("A signature by a key that was replaced meanwhile is named, does not count, and is refused")
    func revoked() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await prepare(cluster)
        let machine = try machine("bank-a", cluster)
        defer { machine.remove() }
        let operations = try machine.write(
          #"[{"kind": "account.open", "account": "bank-a/x"}]"#, to: "operations.json")
        let file = machine.path("signed.json")
        try await sign(operations, as: "bank-a", on: machine, to: file)
        #expect(try await show(file, cluster).refusal == nil)
        try await Roadbed.succeed("keys", "new", "next", "--directory", machine.path)
        let update = try machine.write(
          """
          [{"kind": "member.update", "name": "bank-a", "roles": ["participant", "notary"], "keys": ["@key:next.pem"]}]
          """, to: "update.json")
        try await Roadbed.succeed(
          "tx", "submit", update, "--dir", cluster.directory, "--key", "registry", "--wait")
        let report = try await show(file, cluster)
        #expect(report.signatures.map(\.valid) == [true] && report.signatures[0].counts == false)
        #expect(report.signatures[0].error?.code == "admission.foreign-key")
        #expect(report.refusal?.code == "admission.foreign-key" && report.missing == ["bank-a"])
        try await Roadbed.expectRefusal("admission.foreign-key", "tx", "submit", file, "--dir", cluster.directory)
        // Signed anew with the key that is current now, nothing is missing.
        let fresh = machine.path("fresh.json")
        try await Roadbed.succeed(
          "tx", "sign", operations, "--genesis", machine.path("genesis.json"), "--key",
          "bank-a=\(machine.path("next.pem"))", "-o", fresh)
        #expect(try await show(fresh, cluster).refusal == nil)
      }
    }

    @Test("The path refuses what is no transaction of this chain, and answers for JSON as it does for bytes")
    func requests() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        func post(_ body: [UInt8], _ type: String) throws -> RawHTTP.Answer {
          try RawHTTP.request(
            "POST", "/v1/transactions/preview", port: cluster.apiPort(1), contentType: type, body: body)
        }
        #expect(try post([1, 2, 3], "application/octet-stream").code == "transaction.malformed")
        #expect(try post([UInt8](repeating: 0, count: 2 << 20), "application/octet-stream").status == 413)
        #expect(try post(Array("{}".utf8), "application/json").code == "json.missing-key")
        #expect(try post([], "text/plain").code == "request.media-type")
        #expect(try RawHTTP.request("GET", "/v1/transactions/preview", port: cluster.apiPort(1)).status == 405)
        let text = """
          {"operations": [{"kind": "account.open", "account": "registry/x"}], "validUntil": "2000-01-01T00:00:00.000Z",
           "nonce": "1"}
          """
        let answer = try post(Array(text.utf8), "application/json")
        #expect(answer.status == 200, "\(answer.body)")
        let view = try AnswerCoding.decode(PreviewView.self, from: Data(answer.body.utf8))
        #expect(view.refusal?.code == "admission.expired" && view.outcome.applied)
        #expect(view.required.map(\.signed) == [false])
        // What takes long to execute is not tried for strangers.
        let operation = #"{"kind": "parameter.set", "parameter": "administratorThreshold", "value": 1}"#
        let costly = text.replacing(
          #"{"kind": "account.open", "account": "registry/x"}"#,
          with: Array(repeating: operation, count: 257).joined(separator: ","))
        let refused = try post(Array(costly.utf8), "application/json")
        #expect(refused.status == 413 && refused.code == "preview.too-costly", "\(refused.body)")
        // Another chain's draft.
        let other = text.replacing(
          "\"nonce\"", with: "\"genesis\": \"\(String(repeating: "0", count: 64))\", \"nonce\"")
        #expect(try post(Array(other.utf8), "application/json").code == "json.invalid-value")
      }
    }
  }
}

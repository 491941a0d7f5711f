import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// A transaction that is not final in time: what the user is told, and how to continue from there.
  @Testing.Suite(.serialized)
  struct WaitTests {
    private func kept(_ cluster: TestCluster) -> [String] {
      // A file that is still being written has a different name.
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(cluster.directory)/pending")) ?? [])
        .filter { $0.hasSuffix(".tx") }.sorted()
    }

    /// The command that an error suggests as the next step, without the name of the program.
    private func nextCommand(_ run: Roadbed.Run) throws -> [String] {
      let line = try #require(
        run.error.split(separator: "\n").first { $0.hasPrefix("  next: roadbed ") }, "\(run.error)")
      return line.dropFirst("  next: roadbed ".count).split(separator: " ").map(String.init)
    }

    private func json(_ text: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
      "Without a quorum, and after Ctrl-C: the bytes are kept, and the command that is given finalizes exactly once")
    func notFinal() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        cluster.kill(3)
        cluster.kill(4)
        let run = try await Roadbed.run(
          "tx", "open", "registry/one", "--dir", cluster.directory, "--key", "registry", "--timeout", "3")
        #expect(run.status == 1)
        #expect(run.errorCode == "client.not-final", "\(run.error)")
        #expect(run.error.contains("not final within 3 seconds"))
        #expect(run.error.contains("it may still be applied, in a block up to 20"))
        #expect(run.error.contains("would make a second one"))
        let file = try #require(kept(cluster).first)
        #expect(run.error.contains("pending/\(file)"))
        let id = String(file.dropLast(3))

        try await interrupt(cluster)

        try await cluster.start(3)
        try await cluster.start(4)
        let next = try nextCommand(run)
        #expect(next.prefix(2) == ["tx", "submit"])
        for _ in 0..<2 {
          let repeated = try await Roadbed.run(next)
          if !kept(cluster).contains(file), repeated.errorCode == "file.missing" { continue }
          #expect(repeated.status == 0, "\(repeated.error)")
          #expect(repeated.output.contains("transaction \(id)") && repeated.output.contains("applied, final in block"))
        }
        // The interrupted transaction is still kept and can be sent.
        let other = try #require(kept(cluster).first)
        try await Roadbed.succeed(
          "tx", "submit", "\(cluster.directory)/pending/\(other)", "--dir", cluster.directory, "--wait")
        #expect(kept(cluster).isEmpty)
        try await cluster.waitUntilLevel()
        let counts = try await cluster.occurrences(askedOf: 1)
        #expect(counts.count == 2 && counts.values.allSatisfy { $0 == 1 }, "\(counts)")
      }
    }

    /// Sends Ctrl-C to a command that is waiting.
    private func interrupt(_ cluster: TestCluster) async throws {
      let before = kept(cluster).count
      let error = try cluster.folder.file("interrupted")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Roadbed.binary)
      process.arguments = ["tx", "open", "registry/two", "--dir", cluster.directory, "--key", "registry", "--wait"]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = error
      try process.run()
      // The command installs its signal handler before it keeps the bytes.
      try await cluster.waitUntil("the command has kept its bytes") { kept(cluster).count > before }
      process.interrupt()
      try await cluster.waitUntil("the command has ended") { !process.isRunning }
      let text = cluster.folder.text("interrupted")
      #expect(process.terminationReason == .exit && process.terminationStatus == 130, "\(text)")
      #expect(text.contains("client.cancelled") && text.contains("may be applied in a block up to 20"), "\(text)")
      #expect(text.contains("next: roadbed tx submit "), "\(text)")
    }

    @Test(
      "No wait outlasts the validity of its transaction; one certain to have expired is reported, not sent again")
    func expired() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        cluster.kill(3)
        cluster.kill(4)
        let begun = ContinuousClock.now
        let run = try await Roadbed.run(
          "tx", "open", "registry/one", "--dir", cluster.directory, "--key", "registry", "--wait", "--timeout", "300",
          "--valid-for", "2", seconds: 100)
        #expect(ContinuousClock.now - begun < .seconds(60))
        // No later block is final, so the outcome is not certain yet.
        #expect(run.errorCode == "client.not-final", "\(run.error)")
        let next = try nextCommand(run)
        try await cluster.start(3)
        try await cluster.start(4)
        try await Roadbed.succeed(
          "tx", "open", "registry/two", "--dir", cluster.directory, "--key", "registry", "--wait")
        let late = try await Roadbed.run(next)
        if late.errorCode == "client.expired" {
          #expect(late.status == 1)
          #expect(late.error.contains("it changed nothing") && kept(cluster).isEmpty, "\(late.error)")
        } else {
          // A leader included it in a block in time, and the block became final once there was a quorum again.
          #expect(late.status == 0, "\(late.output)\(late.error)")
        }
      }
    }

    @Test("A node that cannot look up what it applied never claims that it changed nothing")
    func forgotten() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try cluster.set(["enabled: true": "enabled: false"])
        try await cluster.up()
        let genesis = try cluster.genesis()
        let transaction = try TransactionBuilder(genesis: genesis).transaction(
          [.accountOpen(account: try #require(AccountName("registry/one")), description: "")],
          signers: [try cluster.signer("registry")],
          validUntil: Timestamp(UInt64(Date().timeIntervalSince1970 * 1000) + 3000))
        let client = try cluster.client()
        #expect(try await client.submit(transaction, wait: .seconds(20)).status == .finalized)
        try await Task.sleep(for: .seconds(4))
        try await cluster.openAccounts(2)
        // The restart discards what the process remembers, and the chain has forgotten the id.
        cluster.kill(1)
        try await cluster.start(1)
        await client.shutdown()
        let file = cluster.folder.path("own.tx")
        try Data(transaction.bytes).write(to: URL(fileURLWithPath: file))
        let run = try await Roadbed.run("tx", "submit", file, "--dir", cluster.directory, "--wait")
        #expect(run.errorCode == "client.not-final", "\(run.output)\(run.error)")
        #expect(!run.error.contains("changed nothing"))
        let answer = try RawHTTP.request("GET", "/v1/transactions/\(transaction.id)", port: cluster.apiPort(1))
        #expect(answer.status == 404 && answer.code == "transaction.not-here")
      }
    }

    @Test("The signed bytes that a command keeps are removed when the transaction is final, refused, or found final")
    func keeping() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let directory = cluster.directory
        try await Roadbed.succeed("tx", "open", "registry/one", "--dir", directory, "--key", "registry", "--wait")
        #expect(kept(cluster).isEmpty)
        // The transaction is refused because the bank is not a member.
        try await Roadbed.expectRefusal(
          "admission.unknown-member", "tx", "open", "bank-a/one", "--dir", directory, "--key", "bank-a", "--wait")
        #expect(kept(cluster).isEmpty)
        let accepted = try await Roadbed.succeed(
          "tx", "open", "registry/two", "--dir", directory, "--key", "registry", "--json")
        let answer = try json(accepted.output)
        let id = try #require(answer["id"] as? String)
        #expect((answer["kept"] as? String)?.hasSuffix("pending/\(id).tx") == true)
        #expect(kept(cluster) == ["\(id).tx"])
        try await Roadbed.succeed("query", "tx", id, "--wait", "--dir", directory)
        #expect(kept(cluster).isEmpty)

        let place = cluster.folder.path("mine")
        try await Roadbed.succeed(
          "tx", "open", "registry/three", "--dir", directory, "--key", "registry", "--keep", place)
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
        // Signed bytes are submitted unchanged, from a file or from standard input.
        let signed = try await Roadbed.run(
          "tx", "submit", "\(place)/\(file)", "--dir", directory, "--key", "registry")
        #expect(signed.errorCode == "command.signed-bytes")
        try FileManager.default.copyItem(atPath: "\(place)/\(file)", toPath: cluster.folder.path("own-copy"))
        try await Roadbed.succeed("tx", "submit", "\(place)/\(file)", "--dir", directory, "--wait")
        #expect(!FileManager.default.fileExists(atPath: "\(place)/\(file)"))
        try await Roadbed.succeed("tx", "submit", cluster.folder.path("own-copy"), "--dir", directory, "--wait")
        #expect(FileManager.default.fileExists(atPath: cluster.folder.path("own-copy")))

        try await Roadbed.succeed("tx", "open", "registry/four", "--dir", directory, "--key", "registry", "--no-keep")
        #expect(kept(cluster).isEmpty)
        // If the bytes cannot be kept, nothing is sent.
        let unkept = try await Roadbed.run(
          "tx", "open", "registry/five", "--dir", directory, "--key", "registry", "--keep",
          try cluster.folder.write("", to: "plain") + "/x")
        #expect(unkept.errorCode == "file.unwritable")
      }
    }

    @Test("A node that disappears after it accepted a transaction leaves an unknown outcome, not a wrong one")
    func goneNode() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        cluster.kill(3)
        cluster.kill(4)
        async let run = Roadbed.run(
          "tx", "open", "registry/one", "--node", cluster.api(1), "--genesis", cluster.genesisFile, "--key",
          "\(cluster.directory)/keys/registry.pem", "--keep", cluster.folder.path("kept"), "--wait", "--timeout", "8",
          seconds: 100)
        try await cluster.waitUntil("the node has it") {
          struct Status: Decodable {
            struct Pool: Decodable { var transactions: Int }
            var mempool: Pool
          }
          let body = try RawHTTP.request("GET", "/v1/status", port: cluster.apiPort(1)).body
          return try JSONDecoder().decode(Status.self, from: Data(body.utf8)).mempool.transactions > 0
        }
        cluster.kill(1)
        let ended = try await run
        #expect(ended.status == 1)
        #expect(ended.errorCode == "client.outcome-unknown", "\(ended.error)")
        #expect(ended.error.contains("may have been submitted") && ended.error.contains("up to 20"))
        #expect(try nextCommand(ended).contains("--genesis"))
        // If no node can be reached, nothing is sent and nothing is kept.
        let nobody = try await Roadbed.run(
          "tx", "open", "registry/one", "--node", cluster.api(1), "--genesis", cluster.genesisFile, "--key",
          "\(cluster.directory)/keys/registry.pem", "--keep", cluster.folder.path("none"))
        #expect(nobody.errorCode == "client.unreachable", "\(nobody.error)")
        #expect(!FileManager.default.fileExists(atPath: cluster.folder.path("none")))
      }
    }

    @Test("A lost report and an unwritable receipt still show what became of the transaction")
    func lostReports() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let options = ["--dir", cluster.directory, "--key", "registry"]
        let lost = try await Roadbed.run(["tx", "open", "registry/one", "--wait"] + options, output: "/dev/full")
        #expect(lost.status == 1)
        #expect(lost.errorCode == "output.lost")
        #expect(lost.error.contains("was submitted: applied, final in block 1"), "\(lost.error)")
        for command in [["query", "status", "--json"], ["query", "accounts"], ["cluster", "status"]] {
          let run = try await Roadbed.run(command + ["--dir", cluster.directory], output: "/dev/full")
          #expect(run.status == 1 && run.error.contains("output.lost"), "\(command): \(run.error)")
        }
        for command in [["audit", cluster.node(1)], ["audit", cluster.node(1), "--json"]] {
          let run = try await Roadbed.run(command, output: "/dev/full")
          #expect(run.status == 1 && run.error.contains("output.lost"), "\(command): \(run.error)")
        }
        let socket = try cluster.folder.socket("socket")
        let late = try await Roadbed.run(["tx", "open", "registry/two", "--receipt", socket] + options)
        #expect(late.status == 1 && late.errorCode == "file.unwritable")
        #expect(late.output.contains("applied, final in block 2"), "\(late.output)")
        #expect(
          late.error.contains("was submitted: applied, final in block 2; but its receipt is missing"), "\(late.error)")
        #expect(late.error.contains("next: roadbed receipt get "), "\(late.error)")
        // A receipt path that cannot be written is refused before anything is sent.
        let early = try await Roadbed.run(["tx", "open", "registry/three", "--receipt", "/nowhere/r.json"] + options)
        #expect(early.status == 1 && early.errorCode == "file.unwritable" && early.output.isEmpty)
        let account = try await Roadbed.run("query", "account", "registry/three", "--dir", cluster.directory)
        #expect(account.errorCode == "account.unknown")
        let receipt = try await Roadbed.run(["tx", "open", "registry/four", "--receipt", "-"] + options)
        #expect(receipt.status == 0)
        #expect(try json(receipt.output)["format"] as? String == "roadbed-receipt/2")
        #expect(receipt.error.contains("applied, final in block"))
        let both = try await Roadbed.run(["tx", "open", "registry/five", "--receipt", "-", "--json"] + options)
        #expect(both.status == 2)
      }
    }

    @Test("Too large an amount is reported as such, and so is every other mistake in an amount")
    func amounts() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        for (signer, step) in [("registry", "1-admit-members"), ("mint", "2-define-euro")] {
          try await Roadbed.succeed(
            "tx", "submit", "\(Roadbed.root)/Config/story/\(step).json", "--dir", cluster.directory, "--key", signer,
            "--wait")
        }
        for (amount, text) in [
          ("3402823669209384634633746074317682114.56", "largest amount is 3402823669209384634633746074317682114.55"),
          ("340282366920938463463374607431768211456", "too large"), ("1.234", "3 digits after the point"),
          ("1e5", "not a decimal number"), ("-1", "not a decimal number"), ("0.00", "zero"),
        ] {
          let run = try await Roadbed.run(
            "tx", "issue", "--to", "mint", "--asset", "eur", "--amount=\(amount)", "--dir", cluster.directory, "--key",
            "mint")
          #expect(run.status == 1 && run.errorCode == "amount.invalid")
          #expect(run.error.contains(text), "\(run.error)")
        }
        let owned = try await Roadbed.succeed(
          "query", "accounts", "--owner", "mint", "--dir", cluster.directory, "--json")
        let all = try await Roadbed.succeed("query", "accounts", "--dir", cluster.directory, "--json")
        #expect(owned.output.contains("\"mint\"") && !owned.output.contains("\"bank-a\""))
        #expect(all.output.contains("\"bank-a\""))
      }
    }

    @Test("A node suspended by a signal is distinguished from a starting one, and cluster up says why it gives up")
    func heldNode() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        let held = [try #require(cluster.pid(2)), try #require(cluster.pid(3))]
        for pid in held { kill(pid, SIGSTOP) }
        defer { for pid in held { kill(pid, SIGCONT) } }
        let status = try await Roadbed.run("cluster", "status", "--dir", cluster.directory)
        #expect(status.status == 1)
        #expect(status.output.contains("not answering"), "\(status.output)")
        #expect(status.output.contains("pid \(held[0])") && status.output.contains("kill -CONT \(held[0])"))
        #expect(!status.output.contains("starting"))
        let stop = try await Roadbed.run("cluster", "stop", "--dir", cluster.directory, "--timeout", "1", "node2")
        #expect(stop.errorCode == "cluster.still-running")
        #expect(stop.error.contains("roadbed cluster kill --dir \(cluster.directory) node2"), "\(stop.error)")
        let up = try await Roadbed.run("cluster", "up", "--dir", cluster.directory, "--detach", "--timeout", "2")
        #expect(up.status == 1 && up.errorCode == "cluster.not-working", "\(up.error)")
        #expect(up.error.contains("node2 is not answering (") && up.error.contains("SIGSTOP"), "\(up.error)")
        #expect(up.error.contains("node3 is not answering ("))
      }
    }
  }
}

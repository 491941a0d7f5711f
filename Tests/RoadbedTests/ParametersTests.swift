import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct ParametersTests {
    @Test("Administrators change a setting with one command, and everybody sees it and can prove it")
    func set() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let options = ["--node", cluster.api(1)]
        let before: ParametersView = try await Roadbed.succeed("parameter", "list", "--node", cluster.api(1), "--json")
          .decoded()
        let genesis = try cluster.genesis()
        #expect(before[.blockOperations] == UInt64(ChainParameters(administratorThreshold: 1).blockOperations))
        #expect(before[.leaderTimeoutMilliseconds] == UInt64(genesis.leaderTimeoutMilliseconds))
        #expect(before.epoch == 0)
        let set = [
          "parameter", "set", "blockOperations", "20000", "--dir", cluster.directory, "--key", "registry", "--wait",
        ]
        let unasked = try await Roadbed.run(set)
        #expect(unasked.status == 1 && unasked.errorCode == "command.not-confirmed")
        #expect(unasked.error.contains("blockOperations is 200000 and becomes 20000"), "\(unasked.error)")
        let asked = try await Roadbed.run(set + ["--yes"])
        #expect(asked.status == 0, "\(asked.error)")
        let list = try await Roadbed.run(["parameter", "list"] + options)
        #expect(list.output.contains(/blockOperations +20000 +10000 +200000/), "\(list.output)")

        let client = try cluster.client(1)
        let proved = try await client.proof(.parameters, genesis: genesis).entry
        #expect(proved == .parameters(ChainParameters(administratorThreshold: 1, blockOperations: 20_000)))
        let configuration = try await client.proof(.configuration, genesis: genesis).entry
        #expect(configuration == .configuration(genesis.configuration))
        await client.shutdown()

        // More administrators than there are would lock all of them out.
        let locked = try await Roadbed.run([
          "parameter", "set", "administratorThreshold", "2", "--dir", cluster.directory, "--key", "registry", "--wait",
          "--yes",
        ])
        #expect(locked.status == 1)
        #expect((locked.output + locked.error).contains("member.administrators-locked-out"), "\(locked.error)")
        for (name, value) in [("blockBytes", "1"), ("blockBytes", "4194305"), ("blocks", "1"), ("blockBytes", "x")] {
          let run = try await Roadbed.run([
            "parameter", "set", name, value, "--dir", cluster.directory, "--key", "registry",
          ])
          #expect(run.status == 2, "\(name) \(value): \(run.error)")
        }
      }
    }

    @Test("A record's history names the transaction of each version, whose receipt proves it")
    func history() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await Roadbed.succeed(
          "tx", "submit", "\(Roadbed.root)/Config/story/1-admit-members.json", "--dir", cluster.directory, "--key",
          "registry", "--wait")
        let files = try (1...3).map { try cluster.folder.write("draft \($0)", to: "contract-\($0).txt") }
        for file in files {
          try await Roadbed.succeed(
            "tx", "anchor", file, "--collection", "contracts", "--record-key", "contract", "--dir",
            cluster.directory, "--key", "notary", "--wait")
        }
        let record: RecordView = try await Roadbed.succeed(
          "query", "record", "contracts", "contract", "--history", "--json", "--node", cluster.api(1)
        ).decoded()
        let history = try #require(record.history)
        #expect(history.map(\.version) == [1, 2, 3])
        #expect(history.last?.contentDigest == record.latest.contentDigest)
        #expect(record.latest.previous != nil)
        for version in history {
          let file = cluster.folder.path("receipt-\(version.version).json")
          try await Roadbed.succeed(
            "receipt", "get", "\(try #require(version.transaction))", "-o", file, "--node", cluster.api(1))
          let verified = try await Roadbed.succeed("receipt", "verify", file, "--genesis", cluster.genesisFile)
          #expect(verified.output.contains("\(version.contentDigest)"))
        }
        // A checkpoint of a later epoch: the receipt is valid, and says what it rests on.
        let file = cluster.folder.path("receipt-1.json")
        let later = "1:\(Digest.zero)"
        let older = try await Roadbed.succeed(
          "receipt", "verify", file, "--genesis", cluster.genesisFile, "--checkpoint", later)
        #expect(older.output.contains("before your checkpoint"))
        let answer = try await Roadbed.succeed(
          "receipt", "verify", file, "--genesis", cluster.genesisFile, "--checkpoint", later, "--json")
        #expect(answer.output.contains("\"olderThanCheckpoint\" : true"))
        let wrong = try await Roadbed.run([
          "receipt", "verify", file, "--genesis", cluster.genesisFile, "--checkpoint", "0:\(Digest.zero)",
        ])
        #expect(wrong.status == 2)
      }
    }
  }
}

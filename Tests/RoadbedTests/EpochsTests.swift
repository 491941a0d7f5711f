import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite("Epochs of a running chain", .serialized)
  struct EpochsTests {
    private func status(_ cluster: TestCluster, _ number: Int) async throws -> NodeStatus {
      try await Roadbed.succeed("query", "status", "--node", cluster.api(number), "--json").decoded()
    }

    private func setTimeout(_ cluster: TestCluster, _ milliseconds: Int) async throws {
      try await Roadbed.succeed(
        "parameter", "set", "leaderTimeoutMilliseconds", "\(milliseconds)", "--dir", cluster.directory, "--key",
        "registry", "--wait", "--yes")
    }

    private func receipt(_ cluster: TestCluster, _ id: Digest, from number: Int) async throws -> String {
      let file = cluster.folder.path("receipt-\(id.short)-\(number).json")
      try await Roadbed.succeed("receipt", "get", "\(id)", "-o", file, "--node", cluster.api(number))
      return file
    }

    @Test(
      "V5, V7: the leader time-out changes under load while nodes are killed; nothing acknowledged is lost, and receipts of all epochs hold",
      arguments: Primitives.Suite.allCases)
    func changes(suite: Primitives.Suite) async throws {
      try await TestCluster.with(nodes: 4, suite: suite.name) { cluster in
        let genesis = try cluster.genesis()
        var samples: [Digest] = []
        let load = Load()
        try await load.run(on: cluster, clients: 2) {
          for (round, milliseconds) in [700, 1200, 800].enumerated() {
            try await load.wait(for: 20 * (round + 1))
            samples.append(try #require(load.ids.subtracting(samples).first))
            // Before the change, or while it becomes final.
            let victim = round + 2
            if round == 1 {
              async let change: Void = setTimeout(cluster, milliseconds)
              cluster.kill(victim)
              try await change
            } else {
              cluster.kill(victim)
              try await setTimeout(cluster, milliseconds)
            }
            try await cluster.start(victim)
            try await cluster.waitUntil("the node is in the epoch") {
              cluster.said(victim, "epoch \(round + 1) begins") || cluster.said(victim, "read the log up to height")
            }
          }
          try await load.wait(for: 90)
        }
        samples.append(try #require(load.ids.subtracting(samples).first))
        try await cluster.waitUntilLevel()

        // Everybody goes on in the same epoch after a restart.
        try await cluster.stop()
        for number in 1...4 {
          let files = try FileManager.default.contentsOfDirectory(atPath: "\(cluster.node(number))/log")
          #expect(Set(files.filter { $0.hasSuffix(".closing") }) == Set((0...2).map { "00000\($0).closing" }))
        }
        // The file of a closing may be lost: it is written again.
        try FileManager.default.removeItem(atPath: "\(cluster.node(1))/log/000001.closing")
        try await cluster.up()
        try await cluster.openAccounts(2)
        #expect(FileManager.default.fileExists(atPath: "\(cluster.node(1))/log/000001.closing"))
        for number in 1...4 {
          let status = try await status(cluster, number)
          #expect(status.epoch == 3 && status.stopped == nil)
        }
        let settings: ParametersView = try await Roadbed.succeed(
          "parameter", "list", "--node", cluster.api(1), "--json"
        ).decoded()
        #expect(settings.leaderTimeoutMilliseconds == 800 && settings.epoch == 3)

        // Every acknowledged transaction is there once, and whatever its epoch, genesis alone proves it.
        let counts = try await cluster.occurrences(askedOf: 2)
        #expect(load.ids.allSatisfy { counts[$0] == 1 })
        for id in samples {
          for number in [1, 4] {
            let file = try await receipt(cluster, id, from: number)
            let verified = try await Roadbed.succeed("receipt", "verify", file, "--genesis", cluster.genesisFile)
            #expect(verified.output.contains("\(id)"))
          }
        }
        let client = try cluster.client(3)
        let proved = try await client.proof(.configuration, genesis: genesis).entry
        await client.shutdown()
        guard case .configuration(let configuration)? = proved else {
          Issue.record("no configuration is proved")
          return
        }
        #expect(configuration.leaderTimeoutMilliseconds == 800)

        try await cluster.stop()
        for number in 1...4 {
          let answer: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
          #expect(answer.firstFault == nil && answer.beginsAt == .genesis)
        }
      }
    }

    @Test("V8: a version of the rules that a quorum is not known to know is refused before anything is signed")
    func preflight() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let run = try await Roadbed.run([
          "parameter", "set", "rulesVersion", "5", "--dir", cluster.directory, "--key", "registry", "--wait",
          "--yes",
        ])
        #expect(run.status == 1 && run.errorCode == "parameter.rules-not-known")
        #expect(run.error.contains("0 of 1") && run.error.contains("knows version 4"), "\(run.error)")
        #expect(try await status(cluster, 1).epoch == 0)

        // The chain itself refuses neither this nor a change that was prepared for another configuration.
        let builder = TransactionBuilder(genesis: try cluster.genesis())
        let signer = try cluster.signer("registry")
        let client = try cluster.client(1)
        let outdated = try builder.transaction(
          [.parameterSet(.leaderTimeoutMilliseconds, to: 900, configuration: .zero)], signers: [signer])
        let result = try await client.submit(outdated, wait: .seconds(20))
        #expect(result.outcome?.code == "configuration.outdated")
        let found = try await client.parameters().configuration
        let raised = try builder.transaction(
          [.parameterSet(.rulesVersion, to: 5, configuration: found)], signers: [signer])
        #expect(try await client.submit(raised, wait: .seconds(20)).outcome?.applied == true)
        await client.shutdown()
        // The node knows no such rules: it stops, says so, and still answers.
        try await cluster.waitUntil("the node stops") { try cluster.complaints(1).contains("node.rules-unknown") }
        #expect(try await status(cluster, 1).stopped?.code == "node.rules-unknown")
        cluster.kill(1)
        _ = try await Roadbed.run(["cluster", "start", "--dir", cluster.directory, "node1", "--timeout", "5"])
        try await cluster.waitUntil("the node stops again") {
          (try? cluster.complaints(1).contains("node.rules-unknown")) ?? false
        }
      }
    }
  }
}

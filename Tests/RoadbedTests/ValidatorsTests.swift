import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// The page Documentation/validators.md, followed with real nodes.
  @Testing.Suite("Validators of a running chain", .serialized)
  struct ValidatorsTests {
    /// The part of `node init --json` that the next step needs.
    private struct Joined: Decodable { var transportKey: Digest }

    /// A submission's answer, with the epoch that it began.
    private struct Changed: Decodable {
      var height: Height
      var epoch: UInt64
    }

    // MARK: Commands

    private func administer(
      _ cluster: TestCluster, _ words: [String], key: String = "registry"
    ) async throws -> Roadbed.Run {
      try await Roadbed.run(words + ["--dir", cluster.directory, "--key", key], seconds: 120)
    }

    /// Changes who votes, and waits until the epoch is open.
    private func change(_ cluster: TestCluster, _ words: String..., key: String = "registry") async throws -> Changed {
      let run = try await administer(cluster, ["validator"] + words + ["--yes", "--json"], key: key)
      try #require(run.status == 0, "\(words): \(run.output)\(run.error)")
      return try run.decoded()
    }

    private func status(_ cluster: TestCluster, _ number: Int) async throws -> NodeStatus {
      try await Roadbed.succeed("query", "status", "--node", cluster.api(number), "--json").decoded()
    }

    private func validators(_ cluster: TestCluster, askedOf number: Int) async throws -> ValidatorsView {
      try await Roadbed.succeed("validator", "list", "--node", cluster.api(number), "--json").decoded()
    }

    private func observers(_ cluster: TestCluster) async throws -> [ObserverView] {
      try await Roadbed.succeed("observer", "list", "--node", cluster.api(1), "--json").decoded(
        Page<ObserverView>.self
      ).items
    }

    // MARK: A fifth node

    /// Prepares node 5 and adds it to the directory.
    private func join(_ cluster: TestCluster, _ options: String...) async throws {
      let address = "127.0.0.1:\(cluster.basePort + 5)"
      let made = try await Roadbed.run(
        [
          "node", "init", "--dir", cluster.node(5), "--genesis", cluster.genesisFile, "--name", "node5", "--member",
          "registry", "--address", address, "--json",
        ] + options)
      try #require(made.status == 0, "\(made.error)")
      let joined: Joined = try made.decoded()
      try await list(
        cluster, "--operator", "registry", "--transport-key", "\(joined.transportKey)", "--address", address)
    }

    /// Changes what the directory has of node 5.
    private func list(_ cluster: TestCluster, _ options: String...) async throws {
      let run = try await administer(cluster, ["observer", "add", "node5", "--wait"] + options)
      try #require(run.status == 0, "\(options): \(run.error)")
    }

    /// Runs node 5, and waits until it is level.
    private func withFifthNode(_ cluster: TestCluster, _ body: (NodeRun) async throws -> Void) async throws {
      try await NodeRun.with(cluster, 5, options: ["--api-port", "\(cluster.apiPort(5))"]) { run in
        try await cluster.waitUntil("node 5 is level") {
          try cluster.height(5) + 5 >= cluster.height(1)
        }
        do {
          try await body(run)
        } catch {
          Issue.record("node 5: \(run.log.split(separator: "\n").suffix(12).joined(separator: "\n"))")
          throw error
        }
      }
    }

    private func voteKeyFile(_ cluster: TestCluster, _ number: Int) throws -> String {
      try String(contentsOfFile: "\(cluster.node(number))/keys/vote.pem", encoding: .utf8)
    }

    @Test(
      "By the commands of the page a chain of four grows to five, changes a key and loses a validator, under load",
      arguments: Primitives.Suite.allCases)
    func grows(suite: Primitives.Suite) async throws {
      try await TestCluster.with(nodes: 4, suite: suite.name) { cluster in
        let load = Load()
        var samples: [Digest] = []
        try await load.run(on: cluster, clients: 1) {
          try await load.wait(for: 3)
          try await join(cluster)
          try await withFifthNode(cluster) { run in
            #expect(try await status(cluster, 5).role == .observer)
            #expect(try await observers(cluster).map(\.name.description) == ["node5"])
            let added = try await change(cluster, "add", "node5", "--from", cluster.api(5))
            #expect(added.epoch == 1)
            let list = try await validators(cluster, askedOf: 5)
            #expect(list.items.map(\.name.description) == (1...5).map { "node\($0)" })
            #expect(list.epoch == 1 && list.checkpoint?.epoch == Epoch(1))
            #expect(try await status(cluster, 5).role == .validator)

            // A quorum is 4 of 5, so without another one the chain goes on only if node 5 votes.
            cluster.kill(4)
            try await load.wait(for: load.ids.count + 3)
            samples.append(try #require(load.ids.first))
            try await cluster.start(4)

            try await rotate(cluster, load)

            let removed = try await change(cluster, "remove", "node5")
            #expect(removed.epoch == 3)
            try await cluster.waitUntil("node 5 follows") { try cluster.height(5) > removed.height.rawValue + 2 }
            #expect(try await status(cluster, 5).role == .observer)
            #expect(!run.log.contains("stopped voting"))
          }
          try await load.wait(for: load.ids.count + 3)
        }
        samples.append(try #require(load.ids.subtracting(samples).first))
        for id in samples {
          let file = cluster.folder.path("receipt-\(id.short).json")
          try await Roadbed.succeed("receipt", "get", "\(id)", "-o", file, "--node", cluster.api(3))
          let verified = try await Roadbed.succeed("receipt", "verify", file, "--genesis", cluster.genesisFile)
          #expect(verified.output.contains("\(id)"))
        }
        let counts = try await cluster.occurrences(askedOf: 1)
        #expect(load.ids.allSatisfy { counts[$0] == 1 })
      }
    }

    /// Changes the key of node 2 as its own member, and restarts it.
    private func rotate(_ cluster: TestCluster, _ load: Load) async throws {
      let before = try voteKeyFile(cluster, 2)
      let old = try await validators(cluster, askedOf: 1).items[1].voteKey
      let rotated = try await change(cluster, "rotate-key", "node2", key: "operator2")
      #expect(rotated.epoch == 2)
      try await cluster.waitUntil("the old key is gone") {
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(cluster.node(2))/keys")
        guard files.contains("vote.pem"), !files.contains("vote.pem.old") else { return false }
        return try voteKeyFile(cluster, 2) != before
      }
      let new = try await validators(cluster, askedOf: 1).items[1].voteKey
      #expect(new != old)

      // With two of five away nothing is final, so without node 4 the restarted node 2 must vote.
      cluster.kill(2)
      try await cluster.start(2)
      try await cluster.waitUntil("node 2 is healthy") { try cluster.complaints(2).isEmpty }
      cluster.kill(4)
      try await load.wait(for: load.ids.count + 3)
      try await cluster.start(4)
      try await cluster.waitUntil("node 4 is healthy") { try cluster.complaints(4).isEmpty }

      let again = try await administer(cluster, ["validator", "rotate-key", "node2", "--yes"], key: "operator2")
      #expect(again.status == 1 && (again.output + again.error).contains("validator.key-changed-recently"))
    }

    /// The part of `node transport-key --json` that the next steps need.
    private struct Pins: Decodable {
      var present: Digest
      var next: Digest?
    }

    /// Lets a node that runs use its next TLS key from its next start on, as soon as it knows that the directory lists it.
    private func take(_ cluster: TestCluster, _ number: Int) async throws -> Pins {
      var last: Roadbed.Run?
      try await cluster.waitUntil("node \(number) knows its next key") {
        let run = try await Roadbed.run(["node", "transport-key", "--dir", cluster.node(number), "--take", "--json"])
        last = run
        return run.status == 0
      }
      return try #require(last).decoded()
    }

    @Test("A chain of one grows to two, the second node changes its TLS key, and the first leaves")
    func successor() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await cluster.openAccounts(2)
        try await join(cluster)
        var (pins, taken) = (Pins(present: .zero), Pins(present: .zero))
        try await withFifthNode(cluster) { _ in
          // Nothing is final without node 5 from here on.
          #expect(try await change(cluster, "add", "node5", "--from", cluster.api(5)).epoch == 1)
          try await cluster.openAccounts(2, from: 2)
          pins = try await Roadbed.succeed("node", "transport-key", "--dir", cluster.node(5), "--json").decoded()
          let next = try #require(pins.next)
          let early = try await Roadbed.run(["node", "transport-key", "--dir", cluster.node(5), "--take"])
          #expect(early.errorCode == "node.key-not-listed", "\(early.error)")
          try await list(cluster, "--transport-key", "\(pins.present)", "--transport-key", "\(next)")
          taken = try await take(cluster, 5)
        }
        #expect(taken.present == pins.next && taken.next == nil)
        try await withFifthNode(cluster) { _ in
          try await list(cluster, "--transport-key", "\(taken.present)")
          try await cluster.openAccounts(2, from: 4)
          #expect(try await validators(cluster, askedOf: 1).items[1].transportKeys == [taken.present])
          #expect(try await change(cluster, "remove", "node1").epoch == 2)
          cluster.kill(1)
          let client = try cluster.client(5)
          let account = try #require(AccountName("registry/alone"))
          let transaction = try TransactionBuilder(genesis: try cluster.genesis()).transaction(
            [.accountOpen(account: account, description: "")], signers: [try cluster.signer("registry")])
          #expect(try await client.submit(transaction, wait: .seconds(20)).outcome?.applied == true)
          await client.shutdown()
        }
      }
    }

    @Test(
      "A node joins although no TLS key of genesis is in use any more, and stops if its chain is not the checkpoint's")
    func bootstrap() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await cluster.openAccounts(2)
        let pins: Pins = try await Roadbed.succeed(
          "node", "transport-key", "--dir", cluster.node(1), "--json"
        ).decoded()
        let next = try #require(pins.next)
        for keys in [[pins.present, next], [next]] {
          let options = keys.flatMap { ["--transport-key", "\($0)"] }
          let run = try await administer(cluster, ["observer", "add", "node1", "--wait"] + options)
          try #require(run.status == 0, "\(run.error)")
          guard keys.count == 2 else { continue }
          #expect(try await take(cluster, 1).present == next)
          cluster.kill(1)
          try await cluster.start(1)
        }
        let changed = try await administer(
          cluster, ["parameter", "set", "leaderTimeoutMilliseconds", "700", "--wait", "--yes"])
        try #require(changed.status == 0, "\(changed.output)\(changed.error)")
        let checkpoint = try #require(try await validators(cluster, askedOf: 1).checkpoint)
        #expect(checkpoint.epoch == Epoch(1))
        try await join(
          cluster, "--bootstrap", "\(next)@127.0.0.1:\(cluster.basePort + 1)", "--checkpoint", "\(checkpoint)")
        try await withFifthNode(cluster) { _ in
          #expect(try await validators(cluster, askedOf: 5).checkpoint == checkpoint)
          #expect(try await change(cluster, "add", "node5", "--from", cluster.api(5)).epoch == 2)
          try await cluster.openAccounts(2, from: 2)
        }
        // Which of the two is wrong, the node cannot know.
        let settings = "\(cluster.node(5))/node.yaml"
        let text = try String(contentsOfFile: settings, encoding: .utf8)
        try text.replacing("\(checkpoint)", with: "1:\(Digest.zero)").write(
          toFile: settings, atomically: true, encoding: .utf8)
        try await NodeRun.with(cluster, 5, options: ["--api-port", "\(cluster.apiPort(5))"]) { run in
          try await cluster.waitUntil("node 5 says why it stops") { run.log.contains("node.other-than-checkpoint") }
        }
      }
    }

    @Test("A change that was drafted, signed and then submitted returns when its epoch is open")
    func drafted() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        let (draft, signed) = (cluster.folder.path("draft.json"), cluster.folder.path("signed.json"))
        try await Roadbed.succeed("validator", "remove", "node4", "--dir", cluster.directory, "--draft", draft)
        #expect(try await validators(cluster, askedOf: 1).epoch == 0)
        try await Roadbed.succeed("tx", "sign", draft, "--dir", cluster.directory, "--key", "registry", "-o", signed)
        let changed: Changed = try await Roadbed.succeed(
          "tx", "submit", signed, "--dir", cluster.directory, "--wait", "--json"
        ).decoded()
        #expect(changed.epoch == 1)
        #expect(try await validators(cluster, askedOf: 1).items.count == 3)
      }
    }

    @Test(
      "V8: a node whose log does not say that its key has never voted is not counted on: adding it is refused unsigned")
    func listeningNewcomer() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await join(cluster)
        try await withFifthNode(cluster) { _ in
          try await cluster.waitUntil("node 5 has its next key") {
            FileManager.default.fileExists(atPath: "\(cluster.node(5))/keys/vote.pem.next")
          }
        }
        try FileManager.default.removeItem(atPath: "\(cluster.node(5))/log")
        try await withFifthNode(cluster) { _ in
          let refused = try await administer(
            cluster, ["validator", "add", "node5", "--from", cluster.api(5), "--yes"])
          #expect(refused.errorCode == "validator.no-quorum", "\(refused.output)\(refused.error)")
          #expect(refused.error.contains("listen first"))
          #expect(try await validators(cluster, askedOf: 1).epoch == 0)
        }
      }
    }

    @Test("V8: a validator is replaced in one step, and a change that would stop the chain is refused unsigned")
    func replaces() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(3)
        let unknown = try await administer(cluster, ["validator", "add", "node5", "--yes"])
        #expect(unknown.errorCode == "directory.unknown-node", "\(unknown.error)")
        try await join(cluster)
        try await withFifthNode(cluster) { _ in
          let unconfirmed = try await administer(cluster, ["validator", "remove", "node4"])
          #expect(unconfirmed.errorCode == "command.not-confirmed", "\(unconfirmed.error)")

          // The offer as a file, as for a node whose API only its operator reaches.
          let offer = try await Roadbed.succeed("query", "vote-key", "--node", cluster.api(5), "--json").output
          let file = try cluster.folder.write(offer, to: "offer.json")
          let forged = try cluster.folder.write(
            offer.replacing("node5", with: "node6"), to: "forged.json")
          let other = try await administer(cluster, ["validator", "add", "node5", "--from", forged, "--yes"])
          #expect(other.errorCode == "validator.other-node", "\(other.error)")

          let replaced = try await change(cluster, "replace", "node4", "node5", "--from", file)
          #expect(replaced.epoch == 1)
          let names = try await validators(cluster, askedOf: 4).items.map(\.name.description)
          #expect(names == ["node1", "node2", "node3", "node5"])
          try await cluster.waitUntil("node 4 has observed it") { cluster.said(4, "epoch 1 begins") }
          #expect(try await status(cluster, 4).role == .observer)

          // The key of the file is in use now, and the node offers another.
          let stale = try await administer(
            cluster, ["validator", "rotate-key", "node5", "--from", file, "--node", cluster.api(5), "--yes"])
          #expect(stale.errorCode == "validator.stale-offer", "\(stale.error)")
          // Nobody would be linked with node 2 any more, and the name of node 1 is taken.
          let pinless = try await administer(
            cluster, ["observer", "add", "node2", "--transport-key", "\(Digest.zero)", "--wait"])
          #expect(pinless.errorCode == "directory.other-pins", "\(pinless.error)")
          let taken = try await Roadbed.run([
            "node", "init", "--dir", cluster.node(6), "--genesis", cluster.genesisFile, "--name", "node1", "--member",
            "registry", "--address", "127.0.0.1:7999",
          ])
          #expect(taken.errorCode == "node.name-in-genesis", "\(taken.error)")

          let view = try await Roadbed.succeed("cluster", "status", "--dir", cluster.directory)
          #expect(
            view.output.contains("(observer)") && view.output.contains("4 of 4 healthy, 3 needed"), "\(view.output)")
          #expect(view.output.contains("node5: a validator that"))

          // 3 of 4 are a quorum, 3 of 3 as well: with one away, no other may go.
          cluster.kill(3)
          let refused = try await administer(cluster, ["validator", "remove", "node1", "--yes"])
          #expect(refused.errorCode == "validator.no-quorum" && refused.error.contains("node3"), "\(refused.error)")
          #expect(try await validators(cluster, askedOf: 1).epoch == 1)
          // The node that is away may.
          let removed = try await change(cluster, "remove", "node3")
          #expect(removed.epoch == 2)
          let gone = try await administer(cluster, ["observer", "remove", "node3", "--wait"])
          #expect(gone.status == 0, "\(gone.error)")
          #expect(try await observers(cluster).map(\.name.description) == ["node4"])
        }
        // The log of a node that joined names its first key, which was never a validator's.
        try Damage.flip("\(cluster.node(5))/log/000001.segment", percent: [50])
        try await withFifthNode(cluster) { run in
          #expect(run.log.contains("repaired 000001.segment"), "\(run.log)")
        }
      }
    }
  }
}

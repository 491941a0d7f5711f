import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct CrashTests {
    @Test("One node killed under load: the others continue, and it catches up")
    func oneNode() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        let load = Load()
        try await load.run(on: cluster, clients: 4) {
          try await load.wait(for: 30)
          cluster.kill(2)
          let before = load.ids.count
          try await load.wait(for: before + 30)
          try await cluster.start(2)
          try await load.wait(for: before + 60)
        }
        try await cluster.waitUntilLevel()
        try await check(load, cluster)
      }
    }

    @Test("D5: all nodes killed under load and started again: every acknowledged transaction is in the chain once")
    func allNodes() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        let load = Load()
        try await load.run(on: cluster, clients: 6) {
          for round in 1...2 {
            try await load.wait(for: 40 * round)
            cluster.killAll()
            try await cluster.up()
          }
          try await load.wait(for: 120)
        }
        try await cluster.waitUntilLevel()
        try await check(load, cluster)
      }
    }

    @Test("The only node killed under load loses nothing that it acknowledged")
    func soleNode() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let load = Load()
        try await load.run(on: cluster, clients: 4) {
          try await load.wait(for: 40)
          cluster.kill(1)
          try await cluster.up()
          try await load.wait(for: 80)
        }
        try await check(load, cluster)
      }
    }

    @Test("C7: a node whose log is gone listens, fetches the chain and votes again")
    func lostLog() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        let load = Load()
        try await load.run(on: cluster, clients: 2) {
          try await load.wait(for: 10)
          cluster.kill(4)
          try FileManager.default.removeItem(atPath: "\(cluster.node(4))/log")
          try? FileManager.default.removeItem(atPath: "\(cluster.node(4))/index.sqlite")
          try await cluster.start(4)
          try await load.wait(for: load.ids.count + 20)
          try await cluster.waitUntil("node4 votes again", seconds: 60) {
            let reasons = try? cluster.complaints(4)
            return reasons.map { Set($0).isDisjoint(with: ["node.listening", "node.not-voting-yet"]) } ?? false
          }
          // While node 1 is down, the quorum needs node 4.
          cluster.kill(1)
          try await load.wait(for: load.ids.count + 10)
          try await cluster.start(1)
        }
        try await cluster.waitUntilLevel()
        try await check(load, cluster)
      }
    }

    @Test("After a restart, a wait for a final transaction is answered as soon as the index has it again")
    func waitsForTheIndex() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let builder = TransactionBuilder(genesis: try cluster.genesis())
        let signer = try cluster.signer("registry")
        let transactions = try (0..<4000).map { number in
          try builder.transaction(
            [.accountOpen(account: try #require(AccountName("registry/a\(number)")), description: "")],
            signers: [signer])
        }
        let last = try #require(transactions.last)
        let client = try cluster.client()
        _ = try await client.submit(many: transactions.map(\.bytes))
        _ = try await client.waitForFinality(last.id)
        cluster.kill(1)
        for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
          try? FileManager.default.removeItem(atPath: "\(cluster.node(1))/\(name)")
        }
        // Queries begin with the start, when the index should still be behind.
        async let started: Void = cluster.start(1)
        let limit = Duration.seconds(20)
        let deadline = ContinuousClock.now + .seconds(60)
        while (try? await client.status()) == nil, ContinuousClock.now < deadline {
          try await Task.sleep(for: .milliseconds(5))
        }
        // A client that does not wait is not told that the transaction is unknown.
        let now = try RawHTTP.request("GET", "/v1/transactions/\(last.id)", port: cluster.apiPort(1))
        #expect(now.status == 200 || (now.status == 503 && now.code == "index.catching-up"), "\(now)")
        let begun = ContinuousClock.now
        let status = try await client.waitForFinality(last.id, timeout: limit)
        #expect(status.status == .finalized)
        #expect(ContinuousClock.now - begun < limit / 2, "it was answered only when its time was over")
        try await started
        await client.shutdown()
      }
    }

    /// Checks from outside: through each node's answers and an audit of its directory.
    private func check(_ load: Load, _ cluster: TestCluster) async throws {
      let acknowledged = load.ids
      for number in 1...cluster.count {
        let counts = try await cluster.occurrences(askedOf: number)
        let missing = acknowledged.filter { counts[$0] == nil }
        #expect(missing.isEmpty, "node\(number) lacks \(missing.count) of \(acknowledged.count)")
        #expect(counts.values.allSatisfy { $0 == 1 }, "node\(number) has a transaction twice")
      }
      try await cluster.stop()
      var roots: Set<String> = []
      for number in 1...cluster.count {
        let answer: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
        #expect(answer.firstFault == nil)
        roots.insert("\(answer.height) \(answer.stateRoot)")
      }
      #expect(roots.count == 1, "\(roots)")
    }
  }
}

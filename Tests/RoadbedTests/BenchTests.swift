import Foundation
import LedgerJSON
import Testing

extension Processes {
  /// Tests `roadbed bench` from outside.
  @Testing.Suite(.serialized)
  struct BenchTests {
    private struct Answer: Decodable {
      struct Latency: Decodable {
        var p50: Double
        var p99: Double
        var max: Double
      }

      var offered: Int
      var committed: Int
      var failed: Int
      var seconds: Double
      var transactionsPerSecond: Double
      var operationsPerSecond: Double
      var latencyMillis: Latency
      var verifyLimitPerSecond: Double
      var readers: Int?
      var readsPerSecond: Double?
      var readsFailed: Int?
    }

    private static let short = ["--warm-up", "0", "--clients", "2", "--accounts", "16", "--json"]

    private func bench(_ cluster: TestCluster, seconds: Int = 1, _ options: String...) async throws -> Answer {
      let run = try await Roadbed.run(
        ["bench", "--dir", cluster.directory, "--seconds", "\(seconds)"] + Self.short + options)
      try #require(run.status == 0, "\(run.error)")
      return try run.decoded()
    }

    @Test("The chain contains what bench reports as committed, plus at most what was in flight at its end")
    func honest() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        // Longer than a view that is given up lasts.
        let first = try await bench(cluster, seconds: 5, "--in-flight", "4")
        #expect(first.committed > 0 && first.failed == 0)
        #expect(first.offered >= first.committed && first.verifyLimitPerSecond > 0)
        #expect(first.latencyMillis.p50 > 0 && first.latencyMillis.p50 <= first.latencyMillis.p99)
        #expect(first.latencyMillis.p99 <= first.latencyMillis.max)
        try await cluster.waitUntilLevel()
        for node in 1...4 { try await Roadbed.succeed("cluster", "stop", "--dir", cluster.directory, "node\(node)") }
        let audit: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(1), "--json").decoded()
        // Two transactions for the members and the asset, one that opens the accounts, and the load.
        #expect(audit.transactions >= 3 + first.committed && audit.transactions <= 3 + first.offered)
      }
    }

    @Test("A second run reuses the accounts of the first, whatever its options")
    func again() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        #expect(try await bench(cluster, "--in-flight", "1").committed > 0)
        let batched = try await bench(cluster, "--in-flight", "2", "--operations", "50", "--hot", "8")
        #expect(batched.committed > 0 && batched.failed == 0)
        #expect(abs(batched.operationsPerSecond - 50 * batched.transactionsPerSecond) < 1)
        let steady = try await bench(cluster, "--rate", "20")
        #expect(steady.offered <= 21 && steady.failed == 0 && steady.readers == nil)
        let read = try await bench(cluster, "--rate", "20", "--readers", "2")
        #expect(read.failed == 0 && read.readers == 2 && read.readsPerSecond ?? 0 > 0 && read.readsFailed == 0)
      }
    }

    @Test("Without a running cluster bench says what to do")
    func missing() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let run = try await Roadbed.run(["bench", "--dir", cluster.directory] + Self.short)
        #expect(run.status == 1 && run.error.contains("client.unreachable"))
        for wrong in [
          ["--clients", "0"], ["--readers", "1025"], ["--in-flight", "513"], ["--hot", "17"], ["--rate", "0"],
          ["--seconds", "0"],
        ] {
          #expect(try await Roadbed.run(["bench", "--dir", cluster.directory] + Self.short + wrong).status == 2)
        }
      }
    }
  }
}

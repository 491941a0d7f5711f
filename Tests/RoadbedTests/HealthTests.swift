import Foundation
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct HealthTests {
    private func reasons(_ cluster: TestCluster, _ number: Int) throws -> [Finding] {
      let body = try RawHTTP.request("GET", "/v1/health", port: cluster.apiPort(number)).body
      return try JSONDecoder().decode(HealthView.self, from: Data(body.utf8)).reasons
    }

    @Test("With two of four nodes down, the others are unhealthy and name the two; with one back, they are healthy")
    func twoOfFour() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.waitUntil("all are healthy") { try (1...4).allSatisfy { try cluster.complaints($0) == [] } }
        cluster.kill(3)
        try await cluster.openAccounts(1)
        #expect(try cluster.complaints(1) == [] && cluster.complaints(2) == [])
        cluster.kill(4)
        try await cluster.waitUntil("the rest is unhealthy", seconds: 60) {
          try (1...2).allSatisfy { try cluster.complaints($0) == ["chain.no-quorum"] }
        }
        for number in 1...2 {
          #expect(try RawHTTP.request("GET", "/v1/health", port: cluster.apiPort(number)).status == 503)
          let reason = try #require(try reasons(cluster, number).first)
          #expect(reason.explanation.contains("missing: node3, node4"), "\(reason.explanation)")
          #expect(reason.explanation.contains("3 of 4"))
        }
        let status = try await Roadbed.run("cluster", "status", "--dir", cluster.directory)
        #expect(status.status == 1)
        #expect(status.output.contains("0 of 4 healthy, 3 needed"), "\(status.output)")
        #expect(status.output.contains("[chain.no-quorum]"))

        try await cluster.start(3)
        try await cluster.waitUntil("three are healthy", seconds: 60) {
          try (1...3).allSatisfy { try cluster.complaints($0) == [] }
        }
        try await cluster.openAccounts(1, from: 10)
      }
    }

    @Test("A node that is alone in its chain of four is never healthy")
    func alone() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try await cluster.start(2)
        let first = try reasons(cluster, 2).map(\.code)
        #expect(first == ["node.connecting"] || first == ["chain.no-quorum"])
        try await cluster.waitUntil("it says that there is no quorum") {
          let reasons = try reasons(cluster, 2)
          #expect(!reasons.isEmpty)
          return reasons.map(\.code) == ["chain.no-quorum"]
        }
        #expect(try reasons(cluster, 2)[0].explanation.contains("missing: node1, node3, node4"))
      }
    }

    @Test("The only validator of a chain is healthy without any links")
    func sole() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let answer = try RawHTTP.request("GET", "/v1/health", port: cluster.apiPort(1))
        #expect(answer.status == 200, "\(answer.body)")
      }
    }
  }
}

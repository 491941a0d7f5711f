import Foundation
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct WhyTests {
    private struct Answer: Decodable {
      struct Item: Decodable {
        struct Subject: Decodable {
          var kind: String
          var name: String?
        }

        var code: String
        var severity: Finding.Severity
        var subject: Subject
        var message: String
        var nextStep: String
        var nodes: [String]
      }

      var working: Bool
      var healthy: [String]
      var findings: [Item]

      /// Without what a slow or full machine causes.
      var causes: [Item] {
        findings.filter { $0.severity == .critical || $0.code == "validator.unreachable" }
      }
    }

    private func why(_ arguments: String...) async throws -> (status: Int32, answer: Answer) {
      let run = try await Roadbed.run(["why", "--json"] + arguments)
      return (run.status, try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8)))
    }

    @Test(
      "`why` finds nothing on a healthy cluster, and names the node that was killed or suspended first, from both sides"
    )
    func killed() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(1)
        try await cluster.waitUntil("nothing is found") {
          try await why("--dir", cluster.directory).answer.causes.isEmpty
        }
        #expect(try await why("--dir", cluster.directory).status == 0)

        cluster.kill(3)
        try await cluster.waitUntil("the others miss node3") {
          try await why("--node", cluster.api(1)).answer.findings.contains { $0.code == "validator.unreachable" }
        }
        let (status, found) = try await why("--dir", cluster.directory)
        #expect(status == 1 && found.working)
        #expect(found.causes.first?.code == "node.not-running" && found.causes.first?.subject.name == "node3")
        #expect(found.healthy == ["node1", "node2", "node4"])
        let seen = try await why("--node", cluster.api(1))
        #expect(seen.status == 0)
        #expect(seen.answer.causes.first?.subject.name == "node3")
        #expect(seen.answer.causes.first?.message.contains("last error: [peer.") == true, "\(seen.answer.findings)")

        cluster.kill(4)
        try await cluster.waitUntil("there is no quorum") { try cluster.complaints(1) == ["chain.no-quorum"] }
        let none = try await why("--dir", cluster.directory)
        #expect(
          none.answer.causes.prefix(3).map(\.code) == ["node.not-running", "node.not-running", "chain.no-quorum"])
        #expect(!none.answer.working)
        let text = try await Roadbed.run("why", "--dir", cluster.directory)
        #expect(text.status == 1)
        #expect(text.output.contains("next: roadbed cluster start"), "\(text.output)")

        let silent = try await why("--node", cluster.api(4))
        #expect(silent.status == 1 && silent.answer.causes.map(\.code) == ["node.not-answering"])

        for number in 3...4 { try await cluster.start(number) }
        try await cluster.waitUntil("nothing is found", seconds: 60) {
          try await why("--dir", cluster.directory).answer.causes.isEmpty
        }
        let pid = try #require(cluster.pid(2))
        kill(pid, SIGSTOP)
        defer { kill(pid, SIGCONT) }
        let held = try await why("--dir", cluster.directory)
        #expect(
          held.answer.causes.first?.code == "node.suspended" && held.answer.causes.first?.subject.name == "node2")
      }
    }

    @Test("A node is alive while it runs, and ready once it is level and votes; the metrics count its findings")
    func ready() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.waitUntil("node 1 is ready") {
          try RawHTTP.request("GET", "/v1/ready", port: cluster.apiPort(1)).status == 200
        }
        #expect(try RawHTTP.request("GET", "/v1/live", port: cluster.apiPort(1)).status == 200)
        let metrics = try RawHTTP.request("GET", "/metrics", port: cluster.apiPort(1)).body
        #expect(metrics.contains(#"roadbed_findings{code="chain.no-quorum"} 0"#), "\(metrics)")
        for number in 3...4 { cluster.kill(number) }
        try await cluster.waitUntil("the finding is counted") {
          try RawHTTP.request("GET", "/metrics", port: cluster.apiPort(1)).body
            .contains(#"roadbed_findings{code="chain.no-quorum"} 1"#)
        }
        // Whether the chain goes on is not a matter of this node.
        #expect(try RawHTTP.request("GET", "/v1/ready", port: cluster.apiPort(1)).status == 200)
        try await cluster.waitUntil("the log has it") { cluster.said(1, "code=chain.no-quorum") }
      }
    }
  }
}

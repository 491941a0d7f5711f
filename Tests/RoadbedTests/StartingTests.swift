import Foundation
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct StartingTests {
    @Test("A node whose log is still being repaired says so to everybody who asks, and works once it is done")
    func repairing() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(12)
        try await cluster.waitUntilLevel()
        for number in 1...4 { cluster.kill(number) }
        try damage("\(cluster.node(3))/log/000001.segment")
        // The repair waits, because nobody has the lost blocks who could be asked.
        let run = try await Roadbed.run(
          "cluster", "start", "node3", "--dir", cluster.directory, "--timeout", "3", seconds: 60)
        #expect(run.status == 1)
        #expect(run.errorCode == "cluster.not-working", "\(run.error)")
        #expect(run.error.contains("node3 is starting ([node.starting]"), "\(run.error)")

        let port = cluster.apiPort(3)
        let health = try RawHTTP.request("GET", "/v1/health", port: port)
        #expect(health.status == 503)
        let reasons = try JSONDecoder().decode(HealthView.self, from: Data(health.body.utf8)).reasons
        #expect(reasons.map(\.code) == ["node.starting"])
        #expect(reasons.first?.explanation.contains("repairing its log with blocks from its peers") == true)
        for (method, path) in [
          ("GET", "/v1/status"), ("GET", "/v1/blocks/1"), ("GET", "/v1/nothing"), ("POST", "/v1/transactions"),
        ] {
          let answer = try RawHTTP.request(method, path, port: port, body: method == "POST" ? [0x7B, 0x7D] : [])
          #expect(answer.status == 503, "\(path)")
          #expect(answer.code == "node.starting", "\(path)")
        }
        let asked = "GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        let text = String(decoding: try RawHTTP.exchange(Array(asked.utf8), port: port), as: UTF8.self)
        #expect(text.lowercased().contains("retry-after: 1\r\n"), "\(text)")
        #expect(try RawHTTP.request("GET", "/metrics", port: port).status == 200)
        let status = try await Roadbed.run("cluster", "status", "--dir", cluster.directory)
        #expect(status.output.contains("node3  starting"), "\(status.output)")

        try await cluster.up()
        try await cluster.openAccounts(1, from: 12)
        try await cluster.waitUntilLevel()
        #expect(try cluster.complaints(3).isEmpty)
      }
    }

    private func damage(_ segment: String) throws {
      let url = URL(fileURLWithPath: segment)
      var bytes = try Data(contentsOf: url)
      let used = try #require(bytes.lastIndex { $0 != 0 })
      for percent in [3, 20, 41, 60, 85] { bytes[4096 + (used - 4096) * percent / 100] ^= 4 }
      try bytes.write(to: url)
    }
  }
}

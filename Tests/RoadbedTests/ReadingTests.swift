import Foundation
import Testing

extension Processes {
  /// Reading from a node, by clients that ask much and by those that should not be able to ask at all.
  @Testing.Suite(.serialized)
  struct ReadingTests {
    @Test("H11: at a loopback address only the names of this machine and of the settings are accepted")
    func hosts() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try cluster.set(["names: []": "names: [ledger.example]"])
        try await NodeRun.with(cluster) { _ in
          let port = cluster.apiPort(1)
          func status(_ host: String) throws -> String {
            let request = "GET /v1/status HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
            return String(decoding: try RawHTTP.exchange(Array(request.utf8), port: port), as: UTF8.self)
          }
          for host in [
            "127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)", "ledger.example", "Ledger.Example:80",
          ] {
            let answer = try status(host)
            #expect(answer.hasPrefix("HTTP/1.1 200"), "\(host): \(answer)")
          }
          for host in ["evil.example", "evil.example:\(port)", "127.0.0.1.evil.example", "10.0.0.1"] {
            let answer = try status(host)
            #expect(answer.hasPrefix("HTTP/1.1 421"), "\(host): \(answer)")
            #expect(answer.contains("request.host") && answer.contains("api.names"), "\(host): \(answer)")
            #expect(!answer.contains("genesis"))
          }
        }
      }
    }
  }
}

import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Reading from a node, by clients that ask much and by those that should not be able to ask at all.
  @Testing.Suite(.serialized)
  struct ReadingTests {
    /// How often the thread of this name in a process has waited, which is how often it was woken.
    private func wakeUps(of name: String, in pid: Int32) throws -> Int {
      for task in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task") {
        let folder = "/proc/\(pid)/task/\(task)"
        guard let comm = try? String(contentsOfFile: "\(folder)/comm", encoding: .utf8), comm == name + "\n" else {
          continue
        }
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8).split(separator: "\n")
        let line = try #require(status.first { $0.hasPrefix("voluntary_ctxt_switches:") })
        return try #require(Int(line.split(separator: "\t").last ?? ""))
      }
      throw NoThread(name: name)
    }

    private struct NoThread: Error { var name: String }

    #if os(Linux)
      @Test("H10: lists, look-ups and blocks do not wake the thread that votes, however many are read")
      func unwoken() async throws {
        try await TestCluster.with(nodes: 1) { cluster in
          try await cluster.openAccounts(3)
          let pid = try #require(cluster.pid(1))
          let client = try cluster.client(1)
          let replica = try wakeUps(of: "replica", in: pid)
          let view = try wakeUps(of: "ledger-view", in: pid)
          let rounds = 300
          for _ in 0..<rounds {
            let page = try await client.accounts(limit: 100)
            #expect(page.items.count >= 3 && page.height.rawValue >= 3)
            _ = try await client.member(try #require(Name("registry")))
            _ = try await client.blocks(limit: 100)
          }
          await client.shutdown()
          // Timers wake it a few times a second.
          #expect(try wakeUps(of: "replica", in: pid) - replica < rounds)
          #expect(try wakeUps(of: "ledger-view", in: pid) - view >= rounds)
        }
      }
    #endif

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

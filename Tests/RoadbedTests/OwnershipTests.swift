import Foundation
import Ledger
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Files that an operator may put in the place of others to save time.
  @Testing.Suite(.serialized)
  struct OwnershipTests {
    private func replace(_ path: String, with other: String) throws {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: other, toPath: path)
    }

    @Test("C7: another node's log in place of its own is refused; without a log the node listens and votes again")
    func anothersLog() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(2)
        cluster.kill(3)
        cluster.kill(4)
        let copy = cluster.folder.path("copy")
        try FileManager.default.copyItem(atPath: "\(cluster.node(1))/log", toPath: copy)
        // Without a quorum nothing more becomes final, but both remaining nodes may vote.
        let late = Task { try await cluster.openAccounts(1, from: 2) }
        try await Task.sleep(for: .seconds(1))
        cluster.kill(2)
        try replace("\(cluster.node(2))/log", with: copy)
        let keys = try cluster.genesis().validators.map { "\($0.voteKey)" }
        let refused = try await Roadbed.run("node", "start", "--dir", cluster.node(2), seconds: 30)
        #expect(refused.status == 1)
        #expect(refused.errorCode == "log.wrong-writer", "\(refused.error)")
        for part in [
          "\(cluster.node(2))/log/000001.segment", "node1 (vote key \(keys[0]))", "node2 (vote key \(keys[1]))",
        ] { #expect(refused.error.contains(part), "\(refused.error)") }
        try FileManager.default.removeItem(atPath: "\(cluster.node(2))/log")
        for number in 2...4 { try await cluster.start(number) }
        try await late.value
        try await cluster.openAccounts(1, from: 3)
        try await cluster.waitUntil("node2 votes again", seconds: 300) { try cluster.complaints(2).isEmpty }
        #expect(!cluster.said(1, "contradict"))
        try await cluster.waitUntilLevel()
      }
    }

    @Test(
      "C9: a copy of a node at another address is found out before either has voted: both stop, and the others name it")
    func twin() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        let copy = cluster.folder.path("twin")
        try FileManager.default.copyItem(atPath: cluster.node(1), toPath: copy)
        try await cluster.up()
        let port = cluster.basePort + 150
        let twin = Process()
        twin.executableURL = URL(fileURLWithPath: Roadbed.binary)
        twin.arguments = [
          "node", "start", "--dir", copy, "--api-port", "\(port)", "--set", "peers.listen=127.0.0.1:\(port + 1)",
          "--set", "log.file=\(cluster.folder.path("twin.log"))", "--set",
          "files.genesis=\(cluster.genesisFile)",
        ]
        twin.standardInput = FileHandle.nullDevice
        try twin.run()
        defer {
          kill(twin.processIdentifier, SIGKILL)
          twin.waitUntilExit()
        }
        // There is no work, so nobody signs anything.
        try await cluster.waitUntil("both have stopped", seconds: 60) {
          try [cluster.apiPort(1), port].allSatisfy { port in
            guard let body = try? RawHTTP.request("GET", "/v1/health", port: port).body else { return false }
            let reasons = try JSONDecoder().decode(HealthView.self, from: Data(body.utf8)).reasons
            return reasons.contains { $0.code == "node.key-used-elsewhere" }
          }
        }
        for number in 2...4 {
          let body = try RawHTTP.request("GET", "/v1/health", port: cluster.apiPort(number)).body
          let named = try JSONDecoder().decode(HealthView.self, from: Data(body.utf8)).misbehaving ?? []
          #expect(named.contains { $0.peer == "node1" && $0.code == "peer.key-used-twice" }, "\(body)")
          #expect(try cluster.complaints(number).isEmpty)
        }
        // The other three go on, and so does the node once it is alone and was started again.
        kill(twin.processIdentifier, SIGKILL)
        try await cluster.openAccounts(1)
        cluster.kill(1)
        try await cluster.start(1)
        try await cluster.openAccounts(1, from: 1)
        try await cluster.waitUntilLevel()
        #expect(try cluster.complaints(1).isEmpty)
      }
    }

    @Test("D7: keys of another node are refused: the vote key by the log, the transport key by the chain")
    func anothersKeys() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(1)
        try await cluster.stop()
        let keys = "\(cluster.node(2))/keys"
        let kept = cluster.folder.path("keys")
        try FileManager.default.copyItem(atPath: keys, toPath: kept)
        try replace(keys, with: "\(cluster.node(1))/keys")
        try await Roadbed.expectRefusal("log.wrong-writer", "node", "start", "--dir", cluster.node(2))
        try replace(keys, with: kept)
        try replace("\(keys)/vote.pem", with: "\(cluster.node(1))/keys/vote.pem")
        try await Roadbed.expectRefusal("log.wrong-writer", "node", "start", "--dir", cluster.node(2))
        try replace(keys, with: kept)
        for name in ["transport.pem", "transport.crt"] {
          try replace("\(keys)/\(name)", with: "\(cluster.node(1))/keys/\(name)")
        }
        try await Roadbed.expectRefusal("node.wrong-transport-key", "node", "start", "--dir", cluster.node(2))
        try replace(keys, with: kept)
        // Files proved by certificates, or derived from such, may come from any node.
        for name in ["index.sqlite", "snapshots"] {
          let path = "\(cluster.node(2))/\(name)"
          if FileManager.default.fileExists(atPath: path) { try replace(path, with: "\(cluster.node(1))/\(name)") }
        }
        try await cluster.up()
        try await cluster.openAccounts(1, from: 1)
        try await cluster.waitUntilLevel()
      }
    }

    @Test("D2: two nodes with the same archive do not overwrite each other's segments")
    func sharedArchive() async throws {
      try await TestCluster.with(nodes: 2, isUp: false) { cluster in
        let archive = cluster.folder.path("archive")
        try cluster.set([
          "archive: archive": "archive: \(archive)", "keep: 0": "keep: 3", "interval: 20000": "interval: 3",
        ])
        try await cluster.up()
        let refusal = "code=log.wrong-writer"
        for round in 0..<14 where !cluster.said(1, refusal) && !cluster.said(2, refusal) {
          _ = try await cluster.anchorMegabyte(round)
        }
        try await cluster.waitUntil("one of the two is refused", seconds: 60) {
          cluster.said(1, refusal) || cluster.said(2, refusal)
        }
        try await cluster.waitUntilLevel()
        try await cluster.stop()
        // One node has its first segment in the archive, the other still has it in its log.
        for number in 1...2 {
          let answer: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
          #expect(answer.firstFault == nil && answer.beginsAt == .genesis)
        }
      }
    }
  }
}

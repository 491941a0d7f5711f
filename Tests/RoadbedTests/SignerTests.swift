import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// The page Documentation/signers.md, followed with real processes.
  @Testing.Suite("Signers", .serialized)
  struct SignerTests {
    /// Has nodes use a signer at `signer/signer.sock` in their directories.
    private func useSigner(_ cluster: TestCluster, _ numbers: some Sequence<Int>) throws {
      for number in numbers {
        let path = "\(cluster.node(number))/node.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try #require(text.contains("  #socket: signer/signer.sock\n"))
        let changed = text.replacingOccurrences(
          of: "  #socket: signer/signer.sock\n", with: "  socket: signer/signer.sock\n")
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
      }
    }

    private func startSigners(_ cluster: TestCluster, _ numbers: some Sequence<Int>) async throws -> [Int: SignerRun] {
      var signers: [Int: SignerRun] = [:]
      for number in numbers { signers[number] = try await SignerRun.start(cluster, number) }
      return signers
    }

    @Test("G11: a node whose signer is killed says so while the chain goes on, and votes again when it is back")
    func oneAway() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, [1])
        var signer = try await SignerRun.start(cluster, 1)
        defer { signer.kill() }
        try await cluster.up()
        try await cluster.openAccounts(3)
        #expect(try cluster.complaints(1).isEmpty)

        signer.kill()
        try await cluster.waitUntil("node 1 says that its signer is away", seconds: 20) {
          try cluster.complaints(1).contains("node.signer-away")
        }
        let before = try cluster.height(2)
        try await cluster.openAccounts(3, from: 3)
        #expect(try cluster.height(2) >= before + 3)
        #expect(cluster.said(1, "node.signer-away"))
        #expect(!cluster.said(1, "voting has stopped"))

        signer = try await SignerRun.start(cluster, 1)
        try await cluster.waitUntil("node 1 votes again", seconds: 20) { try cluster.complaints(1).isEmpty }
        // A quorum is three of four, so without another node the chain goes on only if node 1 votes.
        cluster.kill(4)
        try await cluster.openAccounts(3, from: 6)
        #expect(try await signer.end() == 0, "\(signer.log)")
        #expect(!FileManager.default.fileExists(atPath: "\(cluster.node(1))/signer/signer.sock"))
      }
    }

    @Test("G11: with all signers killed the chain stands still, and goes on when they are back, whatever was under way")
    func allAway() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, 1...4)
        var signers = try await startSigners(cluster, 1...4)
        defer { for signer in signers.values { signer.kill() } }
        try await cluster.up()
        let load = Load()
        try await load.run(on: cluster, clients: 2) {
          try await load.wait(for: 10)
          for signer in signers.values { signer.kill() }
          for number in 1...4 {
            try await cluster.waitUntil("node \(number) says so", seconds: 20) {
              try cluster.complaints(number).contains("node.signer-away")
            }
          }
          let heights = try (1...4).map { try cluster.height($0) }
          try await Task.sleep(for: .seconds(2))
          #expect(try (1...4).map { try cluster.height($0) } == heights)
          signers = try await startSigners(cluster, 1...4)
          try await load.wait(for: load.ids.count + 10)
        }
        for number in 1...4 { #expect(!cluster.said(number, "voting has stopped")) }
        let counts = try await cluster.occurrences(askedOf: 1)
        #expect(load.ids.allSatisfy { counts[$0] == 1 })
      }
    }

    @Test("G11: a node waits for its signer when it starts, and votes at once when it is there")
    func waits() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, [1])
        try await Roadbed.succeed(
          "cluster", "up", "--dir", cluster.directory, "--detach", "--timeout", "60", seconds: 90)
        try await cluster.waitUntil("node 1 says that it waits", seconds: 20) {
          cluster.said(1, "waiting for the signer")
        }
        #expect(cluster.said(1, "signer.unreachable"))
        let signer = try await SignerRun.start(cluster, 1)
        defer { signer.kill() }
        try await cluster.waitUntilAllAnswer()
        cluster.kill(3)
        try await cluster.openAccounts(2)
      }
    }

    @Test("G7: a second node with the same signer is refused, and so is a second signer with the same key")
    func seconds() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, [1])
        let copy = cluster.folder.path("copy")
        try FileManager.default.copyItem(atPath: cluster.node(1), toPath: copy)
        let signer = try await SignerRun.start(cluster, 1)
        defer { signer.kill() }
        try await cluster.up()

        let socket = "signer.socket=\(cluster.node(1))/signer/signer.sock"
        let second = try await Roadbed.run(
          "node", "start", "--dir", copy, "--set", socket, "--set", "peers.listen=127.0.0.1:\(cluster.basePort + 9)",
          "--api-port", "\(cluster.apiPort(9))", "--set", "log.level=error")
        #expect(second.status == 1)
        #expect(second.errorCode == "signer.in-use", "\(second.error)")
        #expect(second.error.contains("node1"), "it names the first: \(second.error)")

        let key = "\(cluster.node(1))/keys/vote.pem"
        try await Roadbed.expectRefusal(
          "disk.locked", "signer", "--genesis", cluster.genesisFile, "--key", key, "--dir",
          cluster.folder.path("other"),
          "--socket", cluster.folder.path("other.sock"))
        try await Roadbed.expectRefusal(
          "disk.locked", "signer", "--genesis", cluster.genesisFile, "--key", "\(cluster.directory)/keys/registry.pem",
          "--dir", "\(cluster.node(1))/signer", "--socket", cluster.folder.path("other.sock"))
        try await Roadbed.expectRefusal(
          "disk.locked", "signer", "--genesis", cluster.genesisFile, "--key", "\(cluster.node(2))/keys/vote.pem",
          "--dir",
          cluster.folder.path("third"), "--socket", cluster.folder.path("third.sock"))
        try await cluster.openAccounts(1)
        #expect(try cluster.complaints(1).isEmpty)
      }
    }

    @Test("G10: a signer without free descriptors says so once, rests, signs for its node, and takes connections later")
    func descriptors() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try useSigner(cluster, [1])
        let signer = try await SignerRun.start(cluster, 1, descriptors: 20)
        defer { signer.kill() }
        try await cluster.up()
        let open = try signer.openDescriptors
        let socket = "\(cluster.node(1))/signer/signer.sock"
        let crowd = try (0..<16).map { _ in try RawConnection(path: socket) }
        try await cluster.waitUntil("it is said", seconds: 20) { signer.log.contains("no further connection") }
        let used = try signer.processorTicks
        try await cluster.openAccounts(1)
        try await Task.sleep(for: .seconds(2))
        // A hundred ticks are a second.
        #expect(try signer.processorTicks - used < 100)
        #expect(signer.log.components(separatedBy: "no further connection").count == 2)
        for connection in crowd { connection.close() }
        try await cluster.waitUntil("the descriptors are back", seconds: 20) { try signer.openDescriptors == open }
        let next = try RawConnection(path: socket)
        defer { next.close() }
        try await cluster.waitUntil("it takes connections again", seconds: 20) { try signer.openDescriptors > open }
      }
    }

    @Test("G12: a node that is killed at any time under load goes on with its signer, and contradicts nothing")
    func nodeKilled() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, [1, 2])
        let signers = try await startSigners(cluster, 1...2)
        defer { for signer in signers.values { signer.kill() } }
        try await cluster.up()
        let load = Load()
        try await load.run(on: cluster, clients: 2) {
          try await load.wait(for: 5)
          for round in 1...3 {
            let number = 1 + round % 2
            cluster.kill(number)
            try await cluster.start(number)
            try await load.wait(for: load.ids.count + 5)
          }
        }
        try await cluster.waitUntil("all are healthy") { try (1...4).allSatisfy { try cluster.complaints($0).isEmpty } }
        for number in 1...2 {
          #expect(!cluster.said(number, "voting has stopped"))
          #expect(!cluster.said(number, "signer.conflict"))
        }
      }
    }

    @Test("R47: a validator changes its vote key through the signer, whose files then hold the new key")
    func rotates() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, [2])
        var signer = try await SignerRun.start(cluster, 2)
        defer { signer.kill() }
        try await cluster.up()
        let file = "\(cluster.node(2))/keys/vote.pem"
        let before = try String(contentsOfFile: file, encoding: .utf8)
        try await cluster.waitUntil("there is a next key", seconds: 30) {
          FileManager.default.fileExists(atPath: "\(file).next")
        }
        let run = try await Roadbed.run(
          "validator", "rotate-key", "node2", "--yes", "--dir", cluster.directory, "--key", "operator2", seconds: 120)
        try #require(run.status == 0, "\(run.output)\(run.error)")
        try await cluster.openAccounts(2)
        try await cluster.waitUntil("the new key is in place", seconds: 30) {
          try String(contentsOfFile: file, encoding: .utf8) != before
        }
        #expect(signer.log.contains("the one before is destroyed"), "\(signer.log)")
        signer.kill()
        signer = try await SignerRun.start(cluster, 2)
        // A node that moves to a signer only now votes at once, although the signer's memory begins in this epoch.
        cluster.kill(3)
        try useSigner(cluster, [3])
        let third = try await SignerRun.start(cluster, 3)
        defer { third.kill() }
        try await cluster.start(3)
        cluster.kill(4)
        try await cluster.openAccounts(2, from: 2)
        #expect(!cluster.said(3, "signer.conflict"))
      }
    }

    @Test("A member signs transactions through its signer, which says in words what it signed")
    func member() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let socket = cluster.folder.path("registry.sock")
        let signer = try await SignerRun.start(
          cluster, 1,
          [
            "--role", "member", "--genesis", cluster.genesisFile, "--key", "\(cluster.directory)/keys/registry.pem",
            "--dir", cluster.folder.path("member"), "--socket", socket, "--json",
          ])
        defer { signer.kill() }
        let opened = try await Roadbed.run(
          "tx", "open", "registry/a", "--dir", cluster.directory, "--key", "registry=unix:\(socket)", "--wait")
        #expect(opened.status == 0, "\(opened.error)")
        #expect(signer.log.contains("account.open registry/a"), "\(signer.log)")
        #expect(try await signer.end() == 0)
        try await Roadbed.expectRefusal(
          "signer.unreachable", "tx", "open", "registry/b", "--dir", cluster.directory, "--key",
          "registry=unix:\(socket)")
      }
    }

    @Test("G5: a signer whose memory is damaged does not start, and says what to do")
    func damaged() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try useSigner(cluster, [1])
        let signer = try await SignerRun.start(cluster, 1)
        defer { signer.kill() }
        try await cluster.up()
        try await cluster.openAccounts(3)
        signer.kill()
        let guardFile = "\(cluster.node(1))/signer/guard"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: guardFile)))
        bytes[150] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: guardFile))
        try await Roadbed.expectRefusal(
          "signer.guard-damaged", "signer", "--genesis", cluster.genesisFile, "--key",
          "\(cluster.node(1))/keys/vote.pem", "--dir", "\(cluster.node(1))/signer", "--socket",
          "\(cluster.node(1))/signer/signer.sock")
      }
    }
  }
}

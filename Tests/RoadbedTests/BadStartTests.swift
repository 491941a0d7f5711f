import Foundation
import Ledger
import LedgerJSON
import Primitives
import Testing

extension Processes {
  /// Mistakes of operators: each is reported with a code, the value, the limit and the next step, and exit status 1.
  @Testing.Suite(.serialized)
  struct BadStartTests {
    @Test("A port in use is reported by cluster new and by the node")
    func port() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let listener = try Listener(port: cluster.apiPort(1))
        defer { listener.close() }
        try await Roadbed.expectRefusal(
          "cluster.port-busy", "cluster", "new", "--dir", cluster.folder.path("second"), "--nodes", "1",
          "--base-port", "\(cluster.basePort)")
        let start = try await Roadbed.run("node", "start", "--dir", cluster.node(1))
        #expect(start.status == 1 && start.errorCode == "api.cannot-listen" && start.hasNextStep)
        #expect(start.error.contains("127.0.0.1:\(cluster.apiPort(1)): Address already in use"), "\(start.error)")
        #expect(!start.error.contains("bind("))
        // The port is tried before the log is opened, which may take long.
        #expect(!start.error.contains("log: new"), "\(start.error)")
        let up = try await Roadbed.run("cluster", "up", "--dir", cluster.directory, "--detach")
        #expect(up.errorCode == "cluster.node-ended")
        #expect(up.error.contains("\(cluster.apiPort(1))"))
      }
    }

    @Test("The directory of a running node is locked")
    func locked() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await Roadbed.expectRefusal(
          "disk.locked", "node", "start", "--dir", cluster.node(1), "--api-port", "\(cluster.apiPort(1) + 1)")
      }
    }

    @Test("Another chain's genesis does not open this chain's log")
    func otherChain() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        // The same validators with a different chain name: the keys match, but the log does not.
        let text = try String(contentsOfFile: cluster.genesisFile, encoding: .utf8)
        let digest = try "\(cluster.genesis().digest)"
        let template = text.replacingOccurrences(of: "\"digest\": \"\(digest)\",", with: "")
          .replacingOccurrences(of: "\"chain\": \"demo\"", with: "\"chain\": \"other\"")
        let file = try cluster.folder.write(template, to: "template.json")
        let other = cluster.folder.path("other.json")
        try await Roadbed.succeed("genesis", "new", file, "-o", other)
        try FileManager.default.removeItem(atPath: "\(cluster.node(1))/genesis.json")
        try FileManager.default.copyItem(atPath: other, toPath: "\(cluster.node(1))/genesis.json")
        try await Roadbed.expectRefusal("log.wrong-chain", "node", "start", "--dir", cluster.node(1))
        try await Roadbed.expectRefusal(
          "log.wrong-chain", "audit", cluster.node(1), "--genesis", other)
        try await Roadbed.expectRefusal(
          "node.other-genesis", "node", "init", "--dir", cluster.node(1), "--genesis", cluster.genesisFile)
      }
    }

    @Test("An unknown setting is refused wherever it is given, and so is an invalid value")
    func settings() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let node = cluster.node(1)
        let file = URL(fileURLWithPath: "\(node)/node.yaml")
        let good = try Data(contentsOf: file)
        for (text, code) in [
          ("api:\n  prot: 1\n", "settings.unknown-key"), ("api:\n  port: 70000\n", "settings.wrong-value"),
          ("api:\n  host: 0.0.0.0\n", "settings.insecure-api"),
        ] {
          try Data(text.utf8).write(to: file)
          try await Roadbed.expectRefusal(code, "node", "start", "--dir", node)
        }
        try good.write(to: file)
        try await Roadbed.expectRefusal(
          "settings.unknown-key", "node", "start", "--dir", node, environment: ["ROADBED_API_PROT": "1"])
        try await Roadbed.expectRefusal("settings.unknown-key", "node", "start", "--dir", node, "--set", "api.prot=1")
        try await Roadbed.expectRefusal("settings.no-directory", "node", "start", "--dir", node + "x")
      }
    }

    @Test("Variables that an orchestrator sets for a service of the same name stop neither node, audit nor snapshots")
    func serviceLinks() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await cluster.openAccounts(1)
        try await cluster.stop()
        let links = [
          "ROADBED_SERVICE_HOST": "10.43.0.7", "ROADBED_PORT": "tcp://10.43.0.7:7400",
          "ROADBED_API_PORT": "tcp://10.43.0.7:7400", "ROADBED_API_SERVICE_PORT_HTTP": "7400",
        ]
        for arguments in [
          ["audit", cluster.node(1)], ["snapshot", "create", cluster.node(1)],
          ["cluster", "up", "--dir", cluster.directory, "--detach"],
        ] {
          let run = try await Roadbed.run(arguments, environment: links)
          #expect(run.status == 0, "\(arguments): \(run.error)")
        }
        try await cluster.waitUntilAllAnswer()
      }
    }

    @Test("D7: a key that others can read, one of another suite, an unknown one and a missing one are refused")
    func keys() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let keys = "\(cluster.node(1))/keys"
        let vote = "\(keys)/vote.pem"
        func start(_ code: String) async throws {
          try await Roadbed.expectRefusal(code, "node", "start", "--dir", cluster.node(1))
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: vote)
        try await start("crypto.file-too-open")
        try FileManager.default.removeItem(atPath: vote)
        try await start("crypto.file-missing")
        try await Roadbed.succeed("keys", "new", "vote", "--suite", "ed25519-sha256", "--directory", keys)
        try await start("crypto.file-suite")
        try FileManager.default.removeItem(atPath: vote)
        try await Roadbed.succeed("keys", "new", "vote", "--directory", keys)
        // The log is not of this key, and the key is not one of the log's node.
        try await start("log.wrong-writer")
      }
    }

    @Test("D2: a flipped bit in the log prevents the start, and the audit reports its place")
    func damage() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        for name in ["one", "two", "three"] {
          try await Roadbed.succeed(
            "tx", "open", "registry/\(name)", "--dir", cluster.directory, "--key", "registry", "--wait")
        }
        try await cluster.stop()
        let segment = URL(fileURLWithPath: "\(cluster.node(1))/log/000001.segment")
        var bytes = try Data(contentsOf: segment)
        let used = try #require(bytes.lastIndex { $0 != 0 })
        // After the segment's header of 4096 bytes, in the middle of the used part.
        bytes[4096 + (used - 4096) / 2] ^= 1
        try bytes.write(to: segment)

        try await Roadbed.expectRefusal("node.log-damaged", "node", "start", "--dir", cluster.node(1))
        let run = try await Roadbed.run("audit", cluster.node(1), "--json")
        #expect(run.status == 1)
        let fault = try #require(try run.decoded(AuditAnswer.self).firstFault)
        #expect(fault.code == "log.damaged")
        #expect(fault.message.contains("000001.segment at offset"))
        #expect((1...3).contains(fault.height.rawValue))
      }
    }

    @Test("D2: the only validator does not cut or refill a damaged log, and says that no peer can help")
    func damagedSoleLog() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await cluster.openAccounts(3)
        cluster.kill(1)
        let segment = URL(fileURLWithPath: "\(cluster.node(1))/log/000001.segment")
        var bytes = try Data(contentsOf: segment)
        let used = try #require(bytes.lastIndex { $0 != 0 })
        bytes[4096 + (used - 4096) / 3] ^= 4
        try bytes.write(to: segment)
        let start = try await Roadbed.run("node", "start", "--dir", cluster.node(1))
        #expect(start.status == 1 && start.errorCode == "node.log-damaged" && start.hasNextStep)
        #expect(start.error.contains("000001.segment"))
        #expect(!start.error.contains("fetches the chain from its peers"))
        #expect(try Data(contentsOf: segment) == bytes)
        // With the file from a copy the chain continues.
        bytes[4096 + (used - 4096) / 3] ^= 4
        try bytes.write(to: segment)
        try await cluster.start(1)
        try await cluster.openAccounts(1, from: 3)
      }
    }

    @Test("The only validator does not begin a new chain over a lost log")
    func lostLog() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try FileManager.default.removeItem(atPath: "\(cluster.node(1))/log")
        try await Roadbed.expectRefusal("audit.no-node-directory", "audit", cluster.node(1))
        try await Roadbed.expectRefusal("node.log-missing", "node", "start", "--dir", cluster.node(1))
      }
    }
  }
}

/// Keeps a port in use.
private struct Listener {
  private let descriptor: Int32

  struct Failure: Error {}

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var reuse: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0, listen(descriptor, 1) == 0 else { throw Failure() }
  }

  func close() { _ = Foundation.close(descriptor) }
}

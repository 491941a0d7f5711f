import Foundation
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct LifeTests {
    @Test("new, up, status, kill, start and stop do what they promise, and report what they did")
    func life() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        let directory = cluster.directory
        let down = try await Roadbed.run("cluster", "status", "--dir", directory, "--json")
        #expect(down.status == 1)
        #expect(try down.decoded(ClusterStatusAnswer.self).healthy == 0)

        let up = try await Roadbed.run("cluster", "up", "--dir", directory, "--detach", seconds: 90)
        #expect(up.status == 0, "\(up.error)")
        // The command is content with a quorum.
        #expect(up.output.contains("of 4 nodes healthy"))
        try await cluster.waitUntil("all nodes are healthy", seconds: 60) {
          (1...4).allSatisfy { number in (try? cluster.complaints(number)) == [] }
        }
        // Running it a second time changes nothing.
        let again = try await Roadbed.run("cluster", "up", "--dir", directory, "--detach")
        #expect(again.output.contains("node3 is already running"))

        try await Roadbed.succeed("cluster", "kill", "--dir", directory, "node3")
        let three: ClusterStatusAnswer = try await Roadbed.succeed(
          "cluster", "status", "--dir", directory, "--json"
        ).decoded()
        #expect(three.working)
        #expect(three.nodes.map(\.running) == [true, true, false, true])
        try await Roadbed.expectRefusal("cluster.not-running", "cluster", "kill", "--dir", directory, "node3")
        try await Roadbed.expectRefusal("cluster.no-such-node", "cluster", "kill", "--dir", directory, "node9")

        try await cluster.start(3)
        let stopped = try await Roadbed.succeed("cluster", "stop", "--dir", directory)
        #expect(stopped.output.contains("stopped node1, node2, node3, node4"))
        #expect((1...4).allSatisfy { cluster.pid($0) == nil })
        #expect(try await Roadbed.succeed("cluster", "stop", "--dir", directory).output.contains("no node was running"))
      }
    }

    @Test("A pid file that names an unrelated process is not trusted: that process is not signalled")
    func strangePid() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let stranger = Process()
        stranger.executableURL = URL(fileURLWithPath: "/bin/sleep")
        stranger.arguments = ["60"]
        try stranger.run()
        defer { stranger.terminate() }
        try Data("\(stranger.processIdentifier)\n".utf8).write(
          to: URL(fileURLWithPath: "\(cluster.node(1))/node.pid"))
        try await Roadbed.succeed("cluster", "stop", "--dir", cluster.directory)
        try await Roadbed.expectRefusal("cluster.not-running", "cluster", "kill", "--dir", cluster.directory, "node1")
        #expect(stranger.isRunning)
      }
    }

    @Test("Another cluster's node at a node's port is not mistaken for it")
    func strangePort() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let other = cluster.folder.path("other")
        try await Roadbed.succeed(
          "cluster", "new", "--dir", other, "--nodes", "1", "--base-port", "\(cluster.basePort)")
        try await cluster.up()
        let up = try await Roadbed.run("cluster", "up", "--dir", other, "--detach")
        #expect(up.status == 1 && up.errorCode == "cluster.node-ended", "\(up.output)\(up.error)")
        #expect(up.error.contains("Address already in use"))
      }
    }

    @Test("In the foreground, Ctrl-C stops the nodes that up started")
    func foreground() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Roadbed.binary)
        process.arguments = ["cluster", "up", "--dir", cluster.directory]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        let client = try cluster.client(1)
        let deadline = ContinuousClock.now + .seconds(30)
        while (try? await client.health().healthy) != true {
          try #require(ContinuousClock.now < deadline)
          try await Task.sleep(for: .milliseconds(50))
        }
        await client.shutdown()
        // The process installs its signal handler before it starts nodes.
        process.interrupt()
        while process.isRunning {
          try #require(ContinuousClock.now < deadline + .seconds(30))
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect(process.terminationStatus == 0)
        #expect(cluster.pid(1) == nil)
      }
    }

    @Test("SIGTERM stops a node cleanly: the next start finds no torn tail")
    func cleanEnd() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await Roadbed.succeed(
          "tx", "open", "registry/one", "--dir", cluster.directory, "--key", "registry", "--wait")
        try await cluster.stop()
        let answer: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(1), "--json").decoded()
        #expect(answer.openEnded == false)
        #expect(answer.height >= Height(1) && answer.transactions == 1)
        try await cluster.up()
        let log = try String(contentsOfFile: "\(cluster.node(1))/node.log", encoding: .utf8)
        #expect(log.contains("read the log up to height \(answer.height)"))
      }
    }
  }
}

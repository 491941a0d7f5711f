import Foundation
import LedgerJSON
import Testing

extension Processes {
  /// Directories and files that are reached other than by their plain path.
  @Testing.Suite(.serialized)
  struct LinkTests {
    private let files = FileManager.default

    private func move(_ path: String, to target: String, link: String) throws {
      try files.moveItem(atPath: path, toPath: target)
      try files.createSymbolicLink(atPath: path, withDestinationPath: link)
    }

    @Test("Nodes are recognized by their directory: with linked directories, and however a path is spelled")
    func linkedDirectories() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        // One node is on a larger disk, and the whole cluster is behind a link.
        try files.createDirectory(atPath: cluster.folder.path("big"), withIntermediateDirectories: false)
        try move(cluster.node(2), to: cluster.folder.path("big/node2"), link: "../big/node2")
        let link = cluster.folder.path("link")
        try files.createSymbolicLink(atPath: link, withDestinationPath: "cluster")

        let up = try await Roadbed.run("cluster", "up", "--dir", link, "--detach", seconds: 90)
        #expect(up.status == 0, "\(up.error)")
        try await cluster.waitUntilAllAnswer()
        for spelling in [
          cluster.directory, link, link + "/", "\(link)/../cluster/.", "\(cluster.directory)/node2/../../cluster",
        ]
        where files.fileExists(atPath: spelling + "/cluster.json") {
          let status: ClusterStatusAnswer = try await Roadbed.run("cluster", "status", "--dir", spelling, "--json")
            .decoded()
          #expect(status.nodes.map(\.running) == [true, true, true, true], "\(spelling)")
        }
        try await Roadbed.succeed("cluster", "kill", "--dir", link, "node2")
        #expect(cluster.pid(2) == nil)
        let start = try await Roadbed.succeed("cluster", "start", "--dir", link + "/", "node2", seconds: 90)
        #expect(start.output.contains("started node2"))
        let again = try await Roadbed.succeed("cluster", "start", "--dir", cluster.directory, "node2")
        #expect(again.output.contains("node2 is already running"))
        // Without names, the command applies to all nodes, as with stop.
        try await Roadbed.succeed("cluster", "kill", "--dir", link)
        #expect((1...4).allSatisfy { cluster.pid($0) == nil })
        #expect(try await Roadbed.succeed("cluster", "kill", "--dir", link).output.contains("no node was running"))
        try await Roadbed.succeed("cluster", "start", "--dir", link, seconds: 90)
        let stopped = try await Roadbed.succeed("cluster", "stop", "--dir", "\(link)/.")
        #expect(stopped.output.contains("stopped node1, node2, node3, node4"))
        #expect((1...4).allSatisfy { cluster.pid($0) == nil })
      }
    }

    @Test("A node started by hand, from its own directory or through a link, is found and stopped")
    func byHand() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let link = cluster.folder.path("other")
        try files.createSymbolicLink(atPath: link, withDestinationPath: "cluster/node1")
        for (directory, arguments) in [
          (cluster.node(1), ["node", "start", "--dir", "."]), (cluster.folder.path, ["node", "start", "--dir=other"]),
          ("/", ["node", "start", "--set", "log.level=info", "--dir", link + "/"]),
        ] {
          let process = Process()
          process.executableURL = URL(fileURLWithPath: Roadbed.binary)
          process.arguments = arguments
          process.currentDirectoryURL = URL(fileURLWithPath: directory)
          process.standardError = FileHandle.nullDevice
          try process.run()
          defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
          try await cluster.waitUntilAllAnswer()
          let up = try await Roadbed.succeed("cluster", "up", "--dir", cluster.directory, "--detach")
          #expect(up.output.contains("node1 is already running"), "\(arguments)")
          let stopped = try await Roadbed.succeed("cluster", "stop", "--dir", cluster.directory)
          #expect(stopped.output.contains("stopped node1"), "\(arguments)")
          try await cluster.waitUntil("the node has ended") { !process.isRunning }
        }
      }
    }

    @Test("Settings, genesis, keys and log may be links, as in a ConfigMap, wherever the command runs")
    func linkedFiles() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let node = cluster.node(1)
        try files.createDirectory(atPath: "\(node)/..2026_x", withIntermediateDirectories: false)
        try files.createSymbolicLink(atPath: "\(node)/..data", withDestinationPath: "..2026_x")
        for name in ["node.yaml", "genesis.json"] {
          try move("\(node)/\(name)", to: "\(node)/..2026_x/\(name)", link: "..data/\(name)")
        }
        try files.createDirectory(atPath: cluster.folder.path("disk"), withIntermediateDirectories: false)
        try files.createDirectory(atPath: "\(node)/snapshots", withIntermediateDirectories: false)
        for name in ["log", "keys", "snapshots"] {
          try move("\(node)/\(name)", to: cluster.folder.path("disk/\(name)"), link: "../../disk/\(name)")
        }
        // The tests run in a different folder.
        try await cluster.up()
        try await Roadbed.succeed(
          "tx", "open", "registry/one", "--dir", cluster.directory, "--key", "registry", "--wait")
        try await cluster.stop()
        let answer: AuditAnswer = try await Roadbed.succeed("audit", node, "--json").decoded()
        #expect(answer.transactions == 1)
        try await Roadbed.succeed("snapshot", "create", node)
        #expect(try !files.contentsOfDirectory(atPath: cluster.folder.path("disk/snapshots")).isEmpty)
        try await Roadbed.succeed("snapshot", "verify", node)
        // A dangling link is not the same as no settings.
        try files.removeItem(atPath: "\(node)/..2026_x/node.yaml")
        try await Roadbed.expectRefusal("settings.unreadable", "node", "start", "--dir", node)
      }
    }
  }
}

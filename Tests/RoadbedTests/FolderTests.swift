import Foundation
import Testing

/// Mounts that are visible only to one process and its children.
private enum PrivateMounts {
  static let areAllowed: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

extension Processes {
  /// Folders and file systems to which a node cannot write what it must. Each run has its own mounts, if the system
  /// allows that.
  @Testing.Suite(.serialized, .enabled(if: PrivateMounts.areAllowed, "no mounts of its own are allowed here"))
  struct FolderTests {
    /// Starts a node with mounts that a shell command makes, and waits until it ends or prints `text`.
    private func start(
      _ cluster: TestCluster, _ mounts: String, _ options: String = "", until text: String = "answering at"
    ) async throws -> (said: String, status: Int32) {
      let messages = try cluster.folder.file("messages")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        "unshare", "--mount", "--propagation", "private", "sh", "-ec",
        "D=\"$1\"; \(mounts); exec \"$0\" node start --dir \"$D\" \(options)", Roadbed.binary, cluster.node(1),
      ]
      process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROADBED_") }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = messages
      try process.run()
      defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
      try await cluster.waitUntil("the node ends or says '\(text)'") {
        !process.isRunning || cluster.folder.text("messages").contains(text)
      }
      if process.isRunning {
        kill(process.processIdentifier, SIGTERM)
        try await cluster.waitUntil("the node ends") { !process.isRunning }
      }
      return (cluster.folder.text("messages"), process.terminationStatus)
    }

    private func readOnly(_ folder: String) -> String {
      "mkdir -p \(folder); mount --bind \(folder) \(folder); mount -o remount,ro,bind \(folder)"
    }

    @Test("A log, snapshots or archive that cannot be written are reported at the start, with the reason")
    func readOnlyFolders() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        for (folder, options) in [
          ("log", ""), ("snapshots", ""), ("old", "--set history.archive=old --set history.keep=100"),
        ] {
          let run = try await start(cluster, readOnly("\"$D/\(folder)\""), options)
          #expect(run.status == 1)
          #expect(run.said.contains("error [disk.read-only]"), "\(run.said)")
          #expect(run.said.contains("\(cluster.node(1))/\(folder)"), "\(run.said)")
          #expect(run.said.contains("mounted read-only"), "\(run.said)")
        }
        try await cluster.up()
      }
    }

    @Test("A node runs in a directory mounted read-only, if the files that it writes are elsewhere")
    func readOnlyDirectory() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let refused = try await start(cluster, readOnly("\"$D\""))
        #expect(refused.status == 1 && refused.said.contains("error [disk.read-only]"), "\(refused.said)")
        #expect(refused.said.contains("\(cluster.node(1))/LOCK"))
        let place = cluster.folder.path("elsewhere")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: "\(cluster.node(1))/log", toPath: "\(place)/log")
        let elsewhere = [("lock", "LOCK"), ("log", "log"), ("index", "index.sqlite"), ("snapshots", "snapshots")]
          .map { "--set files.\($0)=\(place)/\($1)" }.joined(separator: " ")
        let run = try await start(cluster, readOnly("\"$D\""), elsewhere)
        #expect(run.status == 0 && run.said.contains("everything is on disk"), "\(run.said)")
        // The log's own lock keeps out a node in another directory that uses the same log.
        let other = cluster.folder.path("other")
        try FileManager.default.copyItem(atPath: cluster.node(1), toPath: other)
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: Roadbed.binary)
        holder.arguments =
          ["node", "start", "--dir", cluster.node(1)] + elsewhere.split(separator: " ").map(String.init)
        holder.standardError = FileHandle.nullDevice
        try holder.run()
        defer { kill(holder.processIdentifier, SIGKILL) }
        try await cluster.waitUntilAllAnswer()
        try await Roadbed.expectRefusal(
          "disk.locked", "node", "start", "--dir", other, "--set", "files.log=\(place)/log")
      }
    }

    @Test(
      "A file system without free inodes is reported as such, as a warning while the log has room, and by the index")
    func noInodes() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let run = try await start(
          cluster, "mkdir -p \"$D/snapshots\"; mount -t tmpfs -o nr_inodes=1 tmpfs \"$D/snapshots\"")
        #expect(run.status == 0, "\(run.said)")
        #expect(run.said.contains("code=disk.no-inodes") && run.said.contains("df -i"), "\(run.said)")
        #expect(!run.said.contains("at least 0 bytes"))
      }
    }
  }
}

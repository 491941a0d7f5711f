import Foundation
import Testing

extension Processes {
  /// What happens to a node's messages must not affect the node.
  @Testing.Suite(.serialized)
  struct MessagesTests {
    /// Starts a node by hand, through a shell command that redirects its streams.
    private func start(_ cluster: TestCluster, _ number: Int, _ streams: String, error: Any? = nil) throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "exec \"$0\" node start --dir \"$1\" \(streams)", Roadbed.binary, cluster.node(number),
      ]
      process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROADBED_") }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = error ?? FileHandle.nullDevice
      try process.run()
      return process
    }

    private func end(_ process: Process, with signal: Int32, seconds: Double = 30) async throws -> Int32 {
      kill(process.processIdentifier, signal)
      let deadline = ContinuousClock.now + .seconds(seconds)
      while process.isRunning {
        guard ContinuousClock.now < deadline else {
          kill(process.processIdentifier, SIGKILL)
          throw Roadbed.TookTooLong(arguments: ["kill", "\(signal)"], output: "")
        }
        try await Task.sleep(for: .milliseconds(10))
      }
      return process.terminationStatus
    }

    @Test("N4: a node whose messages nobody reads keeps running under garbage at both ports, and stops on request")
    func nobodyReads() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try cluster.set(["level: info": "level: debug"])
        let pipe = Pipe()
        // The smallest pipe that the system offers, which is full after a few messages.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, 4096)
        let node = try start(cluster, 1, "", error: pipe)
        defer { if node.isRunning { kill(node.processIdentifier, SIGKILL) } }
        // With two other nodes, this one is needed for the quorum.
        try await cluster.start(2)
        try await cluster.start(3)
        for _ in 0..<40 {
          _ = try? RawHTTP.exchange(Array("garbage\r\n\r\n".utf8), port: cluster.basePort + 1)
          _ = try? RawHTTP.exchange(Array("garbage\r\n\r\n".utf8), port: cluster.apiPort(1))
        }
        try await cluster.openAccounts(3)
        let health = try RawHTTP.request("GET", "/v1/health", port: cluster.apiPort(1))
        #expect(health.status == 200, "\(health.body)")
        #expect(try await end(node, with: SIGTERM) == 0)
      }
    }

    @Test("A node that cannot start exits even if nobody reads the reason")
    func failedStart() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let filling = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, filling, filling.count) > 0 {}
        _ = fcntl(descriptor, F_SETFL, 0)
        try FileManager.default.removeItem(atPath: "\(cluster.node(1))/keys")
        let node = try start(cluster, 1, "", error: pipe)
        defer { if node.isRunning { kill(node.processIdentifier, SIGKILL) } }
        try await cluster.waitUntil("it ends") { !node.isRunning }
        #expect(node.terminationReason == .exit && node.terminationStatus == 1)
      }
    }

    @Test("A node that is stopped before its start is complete says so and exits cleanly")
    func endBeforeStart() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await cluster.openAccounts(3)
        try await cluster.stop()
        // This damage can only be repaired with blocks from peers, none of which runs.
        let segment = URL(fileURLWithPath: "\(cluster.node(1))/log/000001.segment")
        var bytes = try Data(contentsOf: segment)
        bytes[4096 + 400] ^= 4
        try bytes.write(to: segment)
        for signal in [SIGTERM, SIGINT] {
          let error = try cluster.folder.file("messages")
          let node = try start(cluster, 1, "", error: error)
          defer { if node.isRunning { kill(node.processIdentifier, SIGKILL) } }
          try await cluster.waitUntil("it repairs") { cluster.folder.text("messages").contains("the log is damaged") }
          #expect(try await end(node, with: signal) == 0)
          #expect(cluster.folder.text("messages").contains("stopping before the start was complete"))
        }
        try await cluster.up()
        try await cluster.openAccounts(1, from: 3)
        try await cluster.waitUntilLevel()
      }
    }

    @Test("After SIGHUP a node continues in a new message file; one without a file says so and continues")
    func hangUp() async throws {
      try await TestCluster.with(nodes: 2) { cluster in
        let pid = try #require(cluster.pid(1))
        let file = "\(cluster.node(1))/node.log"
        try FileManager.default.moveItem(atPath: file, toPath: file + ".1")
        kill(pid, SIGHUP)
        try await cluster.waitUntil("the new file is used") { cluster.said(1, "SIGHUP") }
        cluster.kill(2)
        try await cluster.waitUntil("what happens is said there") { cluster.said(1, "link ended") }
        try await cluster.start(2)
        try await cluster.openAccounts(1)
        #expect(cluster.pid(1) == pid)
        try await cluster.stop()
        #expect(cluster.said(1, "everything is on disk"))

        let error = try cluster.folder.file("messages")
        let node = try start(cluster, 1, "", error: error)
        defer { if node.isRunning { kill(node.processIdentifier, SIGKILL) } }
        try await cluster.waitUntil("it answers") { cluster.folder.text("messages").contains("answering at") }
        kill(node.processIdentifier, SIGHUP)
        try await cluster.waitUntil("it says so") { cluster.folder.text("messages").contains("SIGHUP") }
        #expect(try await end(node, with: SIGTERM) == 0)
      }
    }

    @Test("A node that was started with closed streams does not write its messages into any other file")
    func closedStreams() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let node = try start(cluster, 1, "<&- >&- 2>&-")
        defer { if node.isRunning { kill(node.processIdentifier, SIGKILL) } }
        try await cluster.waitUntilAllAnswer()
        try await cluster.openAccounts(2)
        kill(node.processIdentifier, SIGHUP)
        try await cluster.openAccounts(1, from: 2)
        #expect(try await end(node, with: SIGTERM) == 0)
        let lock = try String(contentsOfFile: "\(cluster.node(1))/LOCK", encoding: .utf8)
        #expect(lock == "\(node.processIdentifier)\n")
        for case let name as String in try #require(FileManager.default.enumerator(atPath: cluster.node(1))) {
          let bytes = FileManager.default.contents(atPath: "\(cluster.node(1))/\(name)") ?? Data()
          #expect(bytes.range(of: Data("answering at".utf8)) == nil, "\(name) holds messages")
        }
        try await Roadbed.succeed("audit", cluster.node(1))
      }
    }

    @Test("No socket of a node is open in a program that it starts, such as the one that describes a crash")
    func sockets() async throws {
      try await TestCluster.with(nodes: 2) { cluster in
        try await cluster.openAccounts(1)
        let client = try RawConnection(port: cluster.apiPort(1))
        defer { client.close() }
        #expect(client.send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        #expect(client.receive { $0.contains("roadbed") }.contains("200"))
        let process = "/proc/\(try #require(cluster.pid(1)))"
        // Only the node's network sockets; the system's libraries have others.
        let tables = try ["tcp", "tcp6"].map { name in
          let file = try #require(FileHandle(forReadingAtPath: "\(process)/net/\(name)"))
          return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        }
        let numbers = tables.flatMap { $0.split(separator: "\n") }.compactMap { line -> String? in
          let fields = line.split(separator: " ")
          return fields.count > 9 ? "socket:[\(fields[9])]" : nil
        }
        var sockets = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(process)/fd") {
          guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(process)/fd/\(name)"),
            numbers.contains(target),
            let info = try? String(contentsOfFile: "\(process)/fdinfo/\(name)", encoding: .utf8)
          else { continue }
          let line = try #require(info.split(separator: "\n").first { $0.hasPrefix("flags:") })
          let flags = try #require(Int32(line.dropFirst(6).trimmingCharacters(in: .whitespaces), radix: 8))
          #expect(flags & O_CLOEXEC != 0, "\(name) is \(target)")
          sockets += 1
        }
        // Two listening sockets, a link, and this test's connection.
        #expect(sockets >= 4)
      }
    }
  }
}

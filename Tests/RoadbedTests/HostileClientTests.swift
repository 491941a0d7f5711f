import Foundation
import Testing

extension Processes {
  /// Clients that occupy a node's resources: they lose them again, and others are served.
  @Testing.Suite(.serialized)
  struct HostileClientTests {
    private static let post =
      "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
    private static let status = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// Runs a cluster of one node with short time limits.
    private func impatient(_ body: (TestCluster, NodeRun) async throws -> Void) async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try cluster.set(["timeout: 10": "timeout: 1", "idle: 90": "idle: 2"])
        try await NodeRun.with(cluster) { node in try await body(cluster, node) }
      }
    }

    private func isWell(_ cluster: TestCluster) -> Bool {
      (try? RawHTTP.request("GET", "/v1/status", port: cluster.apiPort(1)).status) == 200
    }

    @Test("N2: connections without a request, half requests and trickles are closed in time, with the reason")
    func timeouts() async throws {
      try await impatient { cluster, _ in
        let port = cluster.apiPort(1)
        let silent = try RawConnection(port: port)
        let kept = try RawConnection(port: port)
        kept.send(Self.status)
        let halfHead = try RawConnection(port: port)
        halfHead.send("GET /v1/status HTTP/1.1\r\nHo")
        let halfBody = try RawConnection(port: port)
        halfBody.send(Self.post + "Content-Length: 1000\r\n\r\nx")
        let halfChunk = try RawConnection(port: port)
        halfChunk.send(Self.post + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        for connection in [halfHead, halfBody, halfChunk] {
          let answer = connection.receive(seconds: 20)
          #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
          #expect(answer.contains("request.timeout"), "\(answer)")
          #expect(connection.isClosed(within: 20))
        }
        #expect(silent.isClosed(within: 20))
        #expect(silent.text.isEmpty)
        #expect(kept.isClosed(within: 20))
        #expect(kept.text.hasPrefix("HTTP/1.1 200"))

        let head = Task.detached { try Self.trickle("GET /v1/status HTTP/1.1\r\nX: ", port: port) }
        let body = Task.detached { try Self.trickle(Self.post + "Content-Length: 100000\r\n\r\n", port: port) }
        #expect(try await head.value.hasPrefix("HTTP/1.1 408"))
        #expect(try await body.value.hasPrefix("HTTP/1.1 408"))
        #expect(isWell(cluster))
      }
    }

    /// Sends a byte at intervals shorter than the time-out for pauses, and returns the answer.
    private static func trickle(_ beginning: String, port: Int) throws -> String {
      let connection = try RawConnection(port: port)
      connection.send(beginning)
      for _ in 0..<200 {
        guard connection.send("x") else { break }
        if !connection.receive(seconds: 0.1, until: { !$0.isEmpty }).isEmpty { break }
      }
      return connection.receive(seconds: 5)
    }

    @Test("N4: a client that does not read its answers loses its connection")
    func unread() async throws {
      try await impatient { cluster, node in
        let before = try await node.restingSockets()
        let deaf = try RawConnection(port: cluster.apiPort(1), window: 2048)
        deaf.send(String(repeating: "GET /v1/genesis HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 3000))
        try await cluster.waitUntil("the connection is open") { node.sockets > before }
        try await cluster.waitUntil("the connection is closed") { node.sockets <= before }
        #expect(deaf.receive().components(separatedBy: "HTTP/1.1 200").count < 3000)
        #expect(isWell(cluster))
      }
    }

    @Test("N2: a client that leaves while it waits for finality frees its connection immediately")
    func abandoned() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try await NodeRun.with(cluster) { node in
          let before = try await node.restingSockets()
          let target = "/v1/transactions/\(String(repeating: "0", count: 64))?wait=finalized&timeout=60000"
          for _ in 0..<50 {
            let waiting = try RawConnection(port: cluster.apiPort(1))
            waiting.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(waiting.receive(seconds: 0.01).isEmpty)
            waiting.close()
          }
          try await cluster.waitUntil("all connections are closed", seconds: 20) { node.sockets <= before }
          // A client that only ends its own sending still gets its answer.
          let half = try RawConnection(port: cluster.apiPort(1))
          half.send(Self.status)
          half.endSending()
          #expect(half.receive(seconds: 20).hasPrefix("HTTP/1.1 200"))
        }
      }
    }

    @Test("N2: half bodies beyond the memory for them are refused as busy, and others are still served")
    func memory() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try cluster.set(["memory: 134217728": "memory: 33554432", "timeout: 10": "timeout: 120"])
        try await NodeRun.with(cluster) { node in
          let port = cluster.apiPort(1)
          let before = try await node.restingSockets()
          // Leaves enough memory for the metrics but not for the late body.
          let part = [UInt8](repeating: 120, count: (8 << 20) - 100_000)
          var hoarders: [RawConnection] = []
          for _ in 0..<4 {
            let connection = try RawConnection(port: port)
            connection.send(Self.post + "Content-Length: \(8 << 20)\r\n\r\n")
            #expect(connection.send(part))
            hoarders.append(connection)
          }
          // If the late body came before all of this is read, it would find memory, and one of the others would not.
          try await cluster.waitUntil("all four are read") {
            try cluster.metric("roadbed_api_memory_bytes", 1) >= Double(4 * part.count)
          }
          let late = try RawConnection(port: port)
          late.send(Self.post + "Content-Length: 1000000\r\n\r\n")
          late.send(Array(part[..<1_000_000]))
          let refusal = late.receive(seconds: 20) { $0.contains("nextStep") }
          #expect(refusal.contains("api.busy"), "\(refusal)")
          #expect(refusal.hasPrefix("HTTP/1.1 503"))
          #expect(refusal.lowercased().contains("\r\nretry-after: 1\r\n"))
          #expect(isWell(cluster))
          for connection in hoarders { connection.close() }
          try await cluster.waitUntil("their connections are closed") { node.sockets <= before }
          let whole = try RawHTTP.request(
            "POST", "/v1/transactions", port: port, contentType: "application/octet-stream", body: part)
          #expect(whole.code == "transaction.too-large" || whole.status == 413, "\(whole)")
        }
      }
    }

    @Test("N2: with more silent connections than descriptors, at the API and at the peer port, the chain continues")
    func silentCrowd() async throws {
      try Self.raiseOwnLimit()
      try await TestCluster.with(nodes: 2, isUp: false) { cluster in
        let run = try await Roadbed.run(
          ["cluster", "up", "--dir", cluster.directory, "--detach", "--timeout", "60"], descriptors: 1024, seconds: 90)
        #expect(run.status == 0, "\(run)")
        try await cluster.waitUntilAllAnswer()
        let pid = try #require(cluster.pid(1))
        let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        #expect(line.split(separator: " ").dropFirst(3).prefix(2) == ["1024", "1024"])

        var crowd: [RawConnection] = []
        for number in 0..<1200 {
          crowd.append(try RawConnection(port: cluster.apiPort(1)))
          if number % 4 == 0 { crowd.append(try RawConnection(port: cluster.basePort + 1)) }
        }
        try await cluster.waitUntil("a normal request is answered") { isWell(cluster) }
        try await Roadbed.succeed(
          "tx", "open", "registry/goes-on", "--node", cluster.api(1), "--genesis", cluster.genesisFile, "--key",
          "registry=\(cluster.directory)/keys/registry.pem", "--wait")
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        #expect(open < 1024 - 100, "what is left for the log")
        #expect(!cluster.said(1, "cannot be prepared"))
        for connection in crowd { connection.close() }
        try await cluster.waitUntil("the descriptors are back") {
          try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count < 200
        }
      }
    }

    /// This process opens the crowd's connections, so it needs as many descriptors itself.
    private static func raiseOwnLimit() throws {
      var limit = rlimit()
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      try #require(getrlimit(resource, &limit) == 0)
      limit.rlim_cur = min(max(limit.rlim_cur, 4096), limit.rlim_max)
      try #require(setrlimit(resource, &limit) == 0)
    }

    @Test(
      "N2: while all connections wait for an answer, one more is told to retry; then there is room")
    func busyCrowd() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try cluster.set(["connections: 1000": "connections: 16"])
        try await NodeRun.with(cluster) { node in
          let port = cluster.apiPort(1)
          let target = "/v1/transactions/\(String(repeating: "0", count: 64))?wait=finalized&timeout=60000"
          // The waiting clients also send further requests in advance.
          let ahead = String(repeating: Self.status, count: 100)
          var waiting: [RawConnection] = []
          var refusal = ""
          try await cluster.waitUntil("there is no room") {
            // A connection whose request was not read before the next one arrived may have been replaced, so more may
            // be needed.
            waiting.append(try RawConnection(port: port))
            waiting.last?.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n" + ahead)
            guard waiting.count >= 16 else { return false }
            let late = try RawConnection(port: port)
            late.send(Self.status)
            refusal = late.receive(seconds: 20) { $0.contains("nextStep") || $0.contains("uptimeMilliseconds") }
            return refusal.contains("api.busy")
          }
          #expect(refusal.hasPrefix("HTTP/1.1 503"))
          #expect(refusal.contains("16"), "\(refusal)")
          #expect(refusal.lowercased().contains("\r\nretry-after: 1\r\n"))
          // None of the waiting connections was closed to make room.
          #expect(waiting.count { !$0.isClosed(within: 0.01) } == 16)
          for connection in waiting { connection.close() }
          try await cluster.waitUntil("there is room") { isWell(cluster) }
        }
      }
    }

    @Test("N2: heads that are too large leave no connection behind, however many arrive")
    func largeHeads() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try await NodeRun.with(cluster) { node in
          let before = try await node.restingSockets()
          let field = "X: \(String(repeating: "x", count: 300_000))\r\n\r\n"
          for number in 0..<1100 {
            let connection = try RawConnection(port: cluster.apiPort(1))
            connection.send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n" + field)
            guard number % 100 == 0 else { continue }
            let answer = connection.receive(seconds: 20)
            #expect(answer.hasPrefix("HTTP/1.1 431"), "\(answer)")
            #expect(answer.contains("request.head-too-large"), "\(answer)")
          }
          try await cluster.waitUntil("all connections are closed") { node.sockets <= before }
          #expect(isWell(cluster))
        }
      }
    }

    @Test("A node whose limit of open files is too low does not start, and says what it needs")
    func fewDescriptors() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        let run = try await Roadbed.run(["node", "start", "--dir", cluster.node(1)], descriptors: 128)
        #expect(run.status == 1)
        #expect(run.errorCode == "node.too-few-descriptors", "\(run)")
        #expect(run.hasNextStep)
        #expect(run.error.contains("128"))
      }
    }
  }
}

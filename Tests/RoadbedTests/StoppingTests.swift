import Foundation
import Testing

extension Processes {
  /// A node ends when told to, whatever its clients do.
  @Testing.Suite(.serialized)
  struct StoppingTests {
    private let wait = "GET /v1/transactions/\(String(repeating: "0", count: 64))?wait=finalized&timeout=60000 HTTP/1.1"

    @Test("N2: half requests, waits and connections without a request do not delay a stop")
    func halfRequests() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try await NodeRun.with(cluster) { node in
          let port = cluster.apiPort(1)
          let silent = try (0..<3).map { _ in try RawConnection(port: port) }
          let halfHead = try RawConnection(port: port)
          halfHead.send("POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Le")
          let halfBody = try RawConnection(port: port)
          halfBody.send(
            "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
          )
          let halfChunk = try RawConnection(port: port)
          halfChunk.send(
            "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nabc")
          let waiting = try RawConnection(port: port)
          waiting.send("\(wait)\r\nHost: localhost\r\n\r\n")
          let kept = try RawConnection(port: port)
          kept.send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
          let status = kept.receive { $0.contains("uptimeMilliseconds") }
          #expect(status.hasPrefix("HTTP/1.1 200"), "\(status)")
          // The wait has begun by the time a later request is answered on another connection, or soon after.
          try await Task.sleep(for: .milliseconds(300))
          try await node.expectCleanEnd()
          // Incomplete requests are refused with the reason; waiting ones are answered.
          #expect(halfBody.receive().contains("node.stopping"))
          #expect(halfChunk.receive().contains("node.stopping"))
          #expect(waiting.receive().hasPrefix("HTTP/1.1 404"))
          for connection in silent + [halfHead] { #expect(connection.isClosed(within: 5)) }
        }
      }
    }

    @Test("N4: answers that clients do not read do not delay a stop")
    func unreadAnswers() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try await NodeRun.with(cluster) { node in
          let deaf = try RawConnection(port: cluster.apiPort(1), window: 2048)
          let request = "GET /v1/genesis HTTP/1.1\r\nHost: localhost\r\n\r\n"
          deaf.send(String(repeating: request, count: 3000))
          try await Task.sleep(for: .milliseconds(500))
          try await node.expectCleanEnd()
          #expect(deaf.receive().components(separatedBy: "HTTP/1.1 200").count < 3000)
        }
      }
    }

    @Test("N2: a client that keeps sending dropped input does not delay a stop")
    func refusedSenders() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try await NodeRun.with(cluster) { node in
          let sender = try RawConnection(port: cluster.apiPort(1))
          sender.send("POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n")
          let sending = Task.detached { [descriptor = sender.descriptor] in
            let bytes = [UInt8](repeating: 120, count: 65536)
            while !Task.isCancelled {
              let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
              }
              if count <= 0 { break }
            }
          }
          try await node.expectCleanEnd()
          sending.cancel()
          await sending.value
        }
      }
    }
  }
}

import Foundation
import Testing

extension Processes {
  /// HTTP itself: every request has only one interpretation, and every refusal has the common form of errors.
  @Testing.Suite(.serialized)
  struct HTTPTests {
    /// Sends one request unchanged and returns the status, the code of the error and the whole answer.
    private func answer(
      _ request: String, _ cluster: TestCluster
    ) throws -> (status: String, code: String, text: String) {
      let connection = try RawConnection(port: cluster.apiPort(1))
      connection.send(request)
      let text = connection.receive(seconds: 20) { text in
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let fields = text[..<end.lowerBound].lowercased().components(separatedBy: "\r\n")
        let length = fields.lazy.compactMap { $0.hasPrefix("content-length: ") ? Int($0.dropFirst(16)) : nil }.first
        return text[end.upperBound...].utf8.count >= length ?? 0 && !text.hasPrefix("HTTP/1.1 100")
      }
      let code =
        text.components(separatedBy: "\"code\" : \"").dropFirst().first.map { $0.prefix { $0 != "\"" } }
        ?? text.components(separatedBy: "\"code\":\"").dropFirst().first.map { $0.prefix { $0 != "\"" } } ?? ""
      return (String(text.dropFirst(9).prefix(3)), String(code), text)
    }

    @Test("Ambiguous requests, non-HTTP input and other formats are refused with the one form of errors")
    func refusals() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let post = "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\n"
        let json = post + "Content-Type: application/json\r\n"
        let cases: [(request: String, status: String, code: String)] = [
          ("GARBAGE\r\n\r\n", "400", "request.malformed"),
          ("\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "400", "request.malformed"),
          ("GET /v1/status HTTP/2.0\r\nHost: localhost\r\n\r\n", "400", "request.malformed"),
          ("GET /v1/status HTTP/1.1\r\n\r\n", "400", "request.malformed"),
          ("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "400", "request.malformed"),
          ("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nBad Field: x\r\n\r\n", "400", "request.malformed"),
          ("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n", "400", "request.malformed"),
          (json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400", "request.malformed"),
          (json + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "400", "request.malformed"),
          (json + "Content-Length: +2\r\n\r\n{}", "400", "request.malformed"),
          (json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", "400", "request.malformed"),
          (json + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", "400", "request.malformed"),
          (json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400", "request.malformed"),
          (json + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "415", "request.encoding"),
          (json + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "415", "request.encoding"),
          (post + "Content-Length: 2\r\n\r\n{}", "415", "request.media-type"),
          (post + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", "415", "request.media-type"),
          (json + "Content-Length: 1000000000000\r\n\r\n", "413", "request.too-large"),
          (json + "Content-Length: 8388609\r\n\r\n", "413", "request.too-large"),
          (json + "Content-Length: 99999999999999999999999\r\n\r\n", "400", "request.malformed"),
          (json + "Content-Length: 8388609\r\nExpect: 100-continue\r\n\r\n", "413", "request.too-large"),
          (json + "Content-Length: 2\r\nExpect: a-miracle\r\n\r\n", "417", "request.expectation"),
          ("DELETE /v1/transactions HTTP/1.1\r\nHost: localhost\r\n\r\n", "405", "request.method"),
          ("POST /v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}", "405", "request.method"),
          ("PUT /v1/accounts/a/b HTTP/1.1\r\nHost: localhost\r\n\r\n", "405", "request.method"),
          ("OPTIONS /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n", "405", "request.method"),
          ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET http://x/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET //v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1/status/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1/x/%2e%2e/status HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1/x/../status HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1%2Fstatus HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1/%73tatus HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          ("GET /v1/accounts/registry%2Fx HTTP/1.1\r\nHost: localhost\r\n\r\n", "404", "request.no-such-path"),
          (
            "GET /v1/\(String(repeating: "x", count: 12_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", "404",
            "request.no-such-path"
          ),
          (
            "GET /\(String(repeating: "x", count: 60_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", "431",
            "request.head-too-large"
          ),
        ]
        for (request, status, code) in cases {
          let answer = try answer(request, cluster)
          #expect(answer.status == status, "\(request.prefix(200)): \(answer.text)")
          #expect(answer.code == code, "\(request.prefix(200)): \(answer.text)")
          #expect(answer.text.lowercased().contains("content-type: application/json"), "\(request.prefix(200))")
          #expect(answer.text.contains("\"nextStep\""), "\(request.prefix(200))")
          #expect(answer.text.utf8.count < 1200, "\(request.prefix(200))")
        }
        let allow = try answer("DELETE /v1/transactions HTTP/1.1\r\nHost: localhost\r\n\r\n", cluster)
        #expect(allow.text.lowercased().contains("\r\nallow: post\r\n"), "\(allow.text)")
      }
    }

    @Test("A body over the limit is refused as it arrives, and one that breaks off is reported")
    func bodies() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let head = "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
        let chunked = try RawConnection(port: cluster.apiPort(1))
        chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("100000\r\n".utf8) + [UInt8](repeating: 120, count: 1 << 20) + Array("\r\n".utf8)
        for _ in 0..<9 where !chunked.send(chunk) { break }
        #expect(chunked.receive(seconds: 20).hasPrefix("HTTP/1.1 413"))

        let broken = try RawConnection(port: cluster.apiPort(1))
        broken.send(head + "Content-Length: 10\r\n\r\nabc")
        broken.endSending()
        let answer = broken.receive(seconds: 20)
        #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
        #expect(answer.contains("request.broken"), "\(answer)")
      }
    }

    @Test("A client that expects 100-continue is told to continue immediately")
    func expectContinue() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let connection = try RawConnection(port: cluster.apiPort(1))
        connection.send(
          "POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            + "Expect: 100-continue\r\n\r\n")
        let first = connection.receive(seconds: 20) { $0.contains("\r\n\r\n") }
        #expect(first == "HTTP/1.1 100 Continue\r\n\r\n")
        connection.send("{}")
        let answer = connection.receive(seconds: 20) { $0.contains("nextStep") }
        #expect(answer.contains("\r\n\r\nHTTP/1.1 400"), "\(answer)")
      }
    }

    @Test("HEAD is answered like GET, without a body, on every path")
    func head() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let found = [
          "/v1/status", "/v1/health", "/v1/validators", "/v1/observers", "/v1/genesis", "/metrics", "/v1/blocks",
          "/v1/blocks/latest",
          "/v1/blocks/0", "/v1/members", "/v1/members/registry", "/v1/assets", "/v1/accounts",
        ]
        let refused = [
          ("/v1/accounts/no/such", "404"), ("/v1/blocks/77", "404"), ("/v1/blocks/x", "400"),
          ("/v1/records/a/b%2Fc", "404"),
          ("/v1/transactions/\(String(repeating: "0", count: 64))", "404"), ("/v1/nothing", "404"),
        ]
        for (path, status) in found.map({ ($0, "200") }) + refused {
          let connection = try RawConnection(port: cluster.apiPort(1))
          connection.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
          let head = connection.receive(seconds: 20) { $0.contains("\r\n\r\n") }
          // The next answer must follow directly, so the answer to HEAD has no body.
          connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
          let both = connection.receive(seconds: 20)
          let answers = both.components(separatedBy: "HTTP/1.1 ")
          #expect(answers.count == 3, "\(path): \(both)")
          #expect(head.hasSuffix("\r\n\r\n"), "\(path): \(head)")
          #expect(answers.dropFirst().map { $0.prefix(3) } == [status[...], status[...]], "\(path): \(both)")
          #expect(head.lowercased().contains("content-length: "), "\(path): \(head)")
        }
      }
    }

    @Test("Pipelined requests are answered in order, including refusals")
    func pipelined() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        let connection = try RawConnection(port: cluster.apiPort(1))
        let paths = ["/v1/blocks/0", "/v1/nothing", "/v1/blocks/x", "/v1/nothing/", "/v1/health"]
        let requests = (0..<40).flatMap { _ in paths }.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }
        connection.send(requests.joined() + "GET /v1/status HTTP/1.0\r\n\r\n")
        let answers = connection.receive(seconds: 30).components(separatedBy: "HTTP/1.1 ").dropFirst()
        let statuses = answers.map { $0.prefix(3) }
        #expect(statuses == (0..<40).flatMap { _ in ["200", "404", "400", "404", "200"] } + ["200"])
      }
    }

    @Test("A connection ends after the answer if the request says so, or is HTTP/1.0")
    func lastRequests() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        for request in [
          "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
          "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
          "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: x, close\r\n\r\n",
          "GET /v1/status HTTP/1.0\r\n\r\n",
          "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        ] {
          let connection = try RawConnection(port: cluster.apiPort(1))
          connection.send(request)
          #expect(connection.isClosed(within: 20), "\(request)")
          #expect(connection.text.hasPrefix("HTTP/1.1 200"), "\(request): \(connection.text)")
          #expect(connection.text.lowercased().contains("\r\nconnection: close\r\n"), "\(request): \(connection.text)")
        }
      }
    }
  }
}

import Hummingbird
import NIOHTTP1
import Testing

@testable import NodeAPI

@Testing.Suite("The head of a request")
struct HeadCheckTests {
  private let check = HeadCheck(bodyLimit: 1000) { (method, target) throws(RequestError) in
    try RouteTable([("/v1/transactions", "POST")], encoded: []).check(method, target)
  }

  private func head(_ fields: [(String, String)], version: HTTPVersion = .http1_1) -> HTTPRequestHead {
    HTTPRequestHead(version: version, method: .POST, uri: "/v1/transactions", headers: HTTPHeaders(fields))
  }

  private func code(_ fields: [(String, String)], version: HTTPVersion = .http1_1) -> String? {
    do throws(RequestError) {
      _ = try check.check(head(fields, version: version))
      return nil
    } catch { return error.code }
  }

  @Test("An ambiguous head is refused")
  func ambiguous() {
    let host = ("Host", "node:7400")
    #expect(code([host]) == nil)
    #expect(code([]) == "request.malformed")
    #expect(code([host, host]) == "request.malformed")
    #expect(code([host, ("HOST", "other")]) == "request.malformed")
    #expect(code([("Host", "a, b")]) == "request.malformed")
    #expect(code([("Host", "user@node")]) == "request.malformed")
    #expect(code([], version: .http1_0) == nil)
    #expect(code([host, host], version: .http1_0) == "request.malformed")
    #expect(code([host, ("Content-Length", "3"), ("Content-Length", "3")]) == "request.malformed")
    #expect(code([host, ("Content-Length", "3"), ("Content-Length", "4")]) == "request.malformed")
    for length in ["+1", "-1", "0x1", "1,1", "1 ", "", "1.0"] {
      #expect(code([host, ("Content-Length", length)]) == "request.malformed", "\(length)")
    }
    #expect(code([host, ("Content-Length", "3"), ("Transfer-Encoding", "chunked")]) == "request.malformed")
    #expect(code([("Transfer-Encoding", "chunked")], version: .http1_0) == "request.malformed")
  }

  @Test("A length over the limit is refused by the head alone, even one that exceeds every integer type")
  func length() {
    let host = ("Host", "node")
    #expect(code([host, ("Content-Length", "1000")]) == nil)
    #expect(code([host, ("Content-Length", "1001")]) == "request.too-large")
    #expect(code([host, ("Content-Length", "1000000000000")]) == "request.too-large")
    #expect(code([host, ("Content-Length", String(repeating: "9", count: 40))]) == "request.too-large")
    #expect(code([host, ("Content-Length", "1001"), ("Expect", "100-continue")]) == "request.too-large")
  }

  @Test("A body that is encoded is refused")
  func encoding() {
    let host = ("Host", "node")
    #expect(code([host, ("Content-Encoding", "identity")]) == nil)
    for encoding in ["gzip", "GZIP", "br", "identity, gzip", "x"] {
      #expect(code([host, ("Content-Encoding", encoding)]) == "request.encoding", "\(encoding)")
    }
    #expect(code([host, ("Transfer-Encoding", "chunked")]) == nil)
    #expect(code([host, ("Transfer-Encoding", "gzip, chunked")]) == "request.encoding")
    #expect(code([host, ("Transfer-Encoding", "gzip")]) == "request.encoding")
    #expect(code([host, ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]) == "request.encoding")
  }

  @Test("A request that expects 100-continue is told to continue, and other expectations are refused")
  func expectation() throws {
    let host = ("Host", "node")
    let length = ("Content-Length", "5")
    #expect(
      try check.check(head([host, length, ("Expect", "100-Continue")]))
        == HeadCheck.Expectation(hasBody: true, waitsForContinue: true))
    #expect(
      try check.check(head([host, length, ("Expect", "100-continue")], version: .http1_0))
        == HeadCheck.Expectation(hasBody: true, waitsForContinue: false))
    #expect(code([host, length, ("Expect", "200-ok")]) == "request.expectation")
  }

  @Test("H11: a name that nobody gave the node is refused, so that no page of another site can read as from its own")
  func hosts() {
    var check = check
    func code(_ host: String) -> String? {
      do throws(RequestError) {
        _ = try check.check(head([("Host", host)]))
        return nil
      } catch {
        #expect(error.status.code == 421)
        return error.code
      }
    }
    check.hosts = HostNames(host: "127.0.0.1", names: [])
    for host in [
      "127.0.0.1", "127.0.0.1:7400", "127.8.9.10:1", "localhost", "LOCALHOST:7400", "localhost.", "[::1]", "[::1]:7400",
    ] {
      #expect(code(host) == nil, "\(host)")
    }
    for host in [
      "evil.example", "evil.example:7400", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1evil:7400",
      "10.0.0.1", "128.0.0.1", "[::2]:7400", "[::1", "::1", "", ":7400", "0.0.0.0:7400", "127.1", "localhost..",
    ] {
      #expect(code(host) == "request.host", "\(host)")
    }
    check.hosts = HostNames(host: "node.example", names: ["Ledger.Example", "fd00::3"])
    for host in ["node.example:7400", "ledger.example", "LEDGER.example:1", "[FD00::3]:7400", "localhost", "[::1]"] {
      #expect(code(host) == nil, "\(host)")
    }
    #expect(code("other.example") == "request.host")
    check.hosts = nil
    #expect(code("other.example") == nil)
  }
}

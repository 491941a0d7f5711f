import Hummingbird
import Testing

@testable import NodeAPI

@Testing.Suite("Paths and methods")
struct RouteTableTests {
  private let table = RouteTable(
    [
      ("/v1/transactions", "POST"), ("/v1/transactions/{id}", "GET"), ("/v1/accounts", "GET"),
      ("/v1/transactions/preview", "POST"),
      ("/v1/accounts/**", "GET"),
      ("/v1/records/{collection}/{key}", "GET"), ("/metrics", "GET"), ("/v1/proofs/balances/{asset}/**", "GET"),
      (ProofRoutes.collectionPath, "GET"), (ProofRoutes.recordPath, "GET"), (ProofRoutes.holdPath, "GET"),
    ],
    encoded: [
      "/v1/records/{collection}/{key}", ProofRoutes.collectionPath, ProofRoutes.recordPath, ProofRoutes.holdPath,
    ])

  private func code(_ method: String, _ target: String) -> String? {
    do throws(RequestError) {
      try table.check(method, target)
      return nil
    } catch { return error.code }
  }

  @Test("Every path accepts its methods, and HEAD wherever it accepts GET")
  func methods() {
    #expect(code("POST", "/v1/transactions") == nil)
    #expect(code("POST", "/v1/transactions?wait=finalized") == nil)
    #expect(code("POST", "/v1/transactions/preview") == nil)
    for method in ["GET", "HEAD"] {
      #expect(code(method, "/v1/transactions/ab") == nil)
      #expect(code(method, "/v1/accounts/bank-a/main/sub?x=1") == nil)
      #expect(code(method, "/metrics") == nil)
    }
  }

  @Test("Another method is refused with those that the path accepts")
  func otherMethods() throws {
    let error = try #require(throws: RequestError.self) { try table.check("DELETE", "/v1/transactions") }
    #expect(error.status.code == 405)
    #expect(error.allow == "POST")
    let get = try #require(throws: RequestError.self) { try table.check("POST", "/v1/accounts/bank-a/main") }
    #expect(get.allow == "GET, HEAD")
    #expect(code("HEAD", "/v1/transactions") == "request.method")
    #expect(code("get", "/metrics") == "request.method")
    // It is no id.
    #expect(code("GET", "/v1/transactions/preview") == "request.method")
    #expect(code("POST", "/v1/transactions/ab") == "request.method")
  }

  @Test(
    "A path has one spelling",
    arguments: [
      "", "/", "v1/accounts", "//v1/accounts", "/v1//accounts", "/v1/accounts/", "/v1/./accounts", "/v1/../v1/accounts",
      "/v1/accounts/..", "/v1/%2e%2e/accounts", "/v1/accounts/%2E", "/v1%2Faccounts", "/v1/accounts%2F", "/V1/accounts",
      "/v1/Accounts", "/v1/%61ccounts", "/v1/accounts/bank-a%2Fmain", "/v1/accounts/bank%2Da", "/v1/accounts#x",
      "/v1/accounts?x#y", "/v1/accounts;x", "/v1/acc ounts", "/v1/\\accounts", "/v1/accöunts", "/v1/transactions/a/b",
      "http://127.0.0.1/v1/accounts", "*", "127.0.0.1:80", "/metrics/", "/v1/transactions/%41", "/v1/transactions/%zz",
      "/v1/transactions/%", "/v1/transactions/%C", "/v1/records/a/b%2e", "/v1/records/a/b%2f", "/v1/records/a/%c3%a4",
      "/v1/records/a", "/v1/records/a/b/c", "/v1/records//b", "/v1/proofs/balances/eur",
      "/v1/proofs/balances/eur/a%2Fb",
      "/v1/proofs/collections/a/b", "/v1/proofs/records/a", "/v1/proofs", "/v1/proofs/holds/a",
      "/v1/proofs/holds/a/bank%2Fmain", "/v1/proofs/holds/a/bank/m%C3%A4in", "/v1/proofs/holds/%61/bank",
    ])
  func spelling(target: String) {
    #expect(code("GET", target) == "request.no-such-path")
  }

  @Test(
    "Only parameters with free text accept percent-encoded bytes",
    arguments: [
      "/v1/records/a/b%2Fc", "/v1/records/%C3%A4/b%20c", "/v1/records/a/b%25", "/v1/records/a:b/c@d",
      "/v1/proofs/collections/a%2Fb", "/v1/proofs/records/a%2Fb/c%20d?version=1", "/v1/proofs/balances/eur/a/b",
      "/v1/proofs/holds/INV%2017%2Fb/bank/main", "/v1/proofs/holds/a/bank",
    ])
  func encoded(target: String) {
    #expect(code("GET", target) == nil)
  }

  @Test("A refusal repeats only the beginning of a long target")
  func long() throws {
    let target = "/" + String(repeating: "x", count: 15_000)
    let error = try #require(throws: RequestError.self) { try table.check("GET", target) }
    #expect(error.explanation.utf8.count < 300)
  }
}

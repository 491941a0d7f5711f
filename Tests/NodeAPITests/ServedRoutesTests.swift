import Hummingbird
import NIOHTTP1
import Node
import Testing

@testable import NodeAPI

@Testing.Suite("The routes that are served")
struct ServedRoutesTests {
  private let served: ServedRoutes

  init() {
    served = ServedRoutes(start: StartProgress(), Self.table(["/v1/health", "/metrics"]))
  }

  private static func table(_ paths: [String]) -> ServedRoutes.Table {
    ServedRoutes.Table(
      routes: RouteTable(paths.map { ($0, "GET") }, encoded: []),
      responder: CallbackResponder { _, _ in Response(status: .ok) })
  }

  private func refusal(_ method: String, _ target: String) -> RequestError? {
    do throws(RequestError) {
      try served.check(method, target)
      return nil
    } catch { return error }
  }

  @Test(
    "Until the node takes part, whatever is not about its start is refused with how far it is, and when to ask again")
  func starting() {
    #expect(refusal("GET", "/v1/health") == nil)
    for (method, target) in [("GET", "/v1/status"), ("POST", "/v1/transactions"), ("GET", "/nothing")] {
      let refusal = refusal(method, target)
      #expect(refusal?.code == "node.starting")
      #expect(refusal?.status == .serviceUnavailable)
      #expect(refusal?.retryAfter == 1)
      #expect(refusal?.explanation == "this node is checking its log")
    }
  }

  @Test("Once it takes part, its own routes answer, and what is not among them does not exist")
  func serving() {
    served.serve(Self.table(["/v1/status"]))
    #expect(refusal("GET", "/v1/status") == nil)
    #expect(refusal("GET", "/nothing")?.code == "request.no-such-path")
    #expect(refusal("POST", "/v1/status")?.code == "request.method")
  }
}

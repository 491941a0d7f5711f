import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@testable import roadbed

@Testing.Suite("Node states as cluster commands see them")
struct NodeViewTests {
  private func view(_ edit: (inout NodeView) -> Void) throws -> NodeView {
    let node = ClusterNode(name: try #require(Name("node1")), directory: "node1", peers: "a:1", api: "http://a:2")
    var view = NodeView(node: node, pid: 7)
    edit(&view)
    return view
  }

  @Test("An unhealthy node is explained by every reason that it gives, each with its code")
  func unhealthy() throws {
    let findings = [("disk.full", "no room"), ("index.damaged", "bad page")].map { code, text in
      Finding(
        code: code, severity: .critical, since: Timestamp(0), subject: Finding.Subject(.node), explanation: text,
        nextStep: "restart")
    }
    let view = try view { $0.health = HealthView(findings: findings) }
    #expect(view.state == "unhealthy")
    #expect(view.explanation == "[disk.full] no room; [index.damaged] bad page")
  }

  @Test("Only a process that refuses connections may be starting; silence has a reason")
  func silence() throws {
    let starting = try view { $0.fault = .notConnected(reason: "Connection refused") }
    #expect(starting.state == "starting" && starting.explanation == nil)
    for fault in [
      TransportFault.timedOut(.seconds(2)), .broken(reason: "x"), .notConnected(reason: TransportFault.noneInTime),
    ] {
      let silent = try view { $0.fault = fault }
      #expect(silent.state == "not answering")
      #expect(silent.explanation?.contains("pid 7") == true)
    }
    let held = try view {
      $0.fault = .notConnected(reason: "Connection refused")
      $0.isSuspended = true
    }
    #expect(held.state == "not answering" && held.explanation?.contains("SIGSTOP") == true)
    #expect(try view { $0.pid = nil }.state == "stopped")
  }
}

import Foundation
import LedgerJSON
import Primitives
import Testing

@testable import roadbed

@Testing.Suite("What `why` makes of the findings of several nodes")
struct WhyAnswerTests {
  private func finding(
    _ code: String, _ subject: Finding.Subject, _ severity: Finding.Severity = .critical, since: UInt64 = 5
  ) -> Finding {
    Finding(
      code: code, severity: severity, since: Timestamp(since), subject: subject, explanation: "text of \(code)",
      nextStep: "n")
  }

  @Test("The worst comes first, what is seen from outside before what follows from it, and each thing once")
  func order() throws {
    let lost = Finding.Subject(.validator, "node4")
    let answer = WhyAnswer([
      NodeReport(
        name: "node1", status: nil,
        findings: [
          finding("chain.no-quorum", Finding.Subject(.chain)),
          finding("validator.unreachable", lost, .warning, since: 9),
        ]),
      NodeReport(
        name: "node2", status: nil,
        findings: [
          finding("chain.no-quorum", Finding.Subject(.chain), since: 3),
          finding("validator.unreachable", lost, .warning, since: 7),
          finding("disk.slow", Finding.Subject(.disk), .warning),
        ]),
      NodeReport(
        name: "node4", status: nil, findings: [finding("node.not-running", Finding.Subject(.node, "node4"))]),
      NodeReport(name: "node3", status: nil, findings: []),
    ])
    #expect(
      answer.findings.map(\.finding.code) == [
        "node.not-running", "chain.no-quorum", "validator.unreachable", "disk.slow",
      ])
    #expect(answer.findings.map(\.nodes) == [["node4"], ["node1", "node2"], ["node1", "node2"], ["node2"]])
    #expect(answer.findings.map(\.finding.since.rawValue) == [5, 3, 7, 5])
    // What a node says of its own disk is not confused with another's.
    #expect(answer.findings.last?.finding.subject.name == "node2")
    #expect(answer.isCritical && answer.healthy == ["node3"])
    let json = String(decoding: try AnswerCoding.encodePretty(answer), as: UTF8.self)
    #expect(json.contains(#""code" : "node.not-running""#) && json.contains(#""nodes" : ["#), "\(json)")
  }

  @Test("Warnings alone are not critical")
  func warnings() {
    let answer = WhyAnswer([
      NodeReport(name: "a", status: nil, findings: [finding("disk.slow", Finding.Subject(.disk), .warning)])
    ])
    #expect(!answer.isCritical && answer.healthy == ["a"])
  }
}

import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// What one node says of itself, and what this command sees of it from outside.
struct NodeReport: Sendable {
  /// The node's name, or the address under which it was asked if it did not say one.
  var name: String
  /// Nil if it does not answer.
  var status: NodeStatus?
  /// What it found, and what was found out about it.
  var findings: [Finding]

  /// Whether it has nothing critical to say.
  var isHealthy: Bool { !findings.contains { $0.severity == .critical } }

  /// Clocks that differ by less than this are the same, in milliseconds; an answer takes its time.
  static let clockTolerance: UInt64 = 1000

  init(name: String, status: NodeStatus?, findings: [Finding]) {
    self.name = name
    self.status = status
    self.findings = findings
  }

  init(_ view: NodeView, in cluster: Cluster) {
    let process = cluster.process(of: view.node)
    var findings = view.health?.findings ?? []
    func add(_ code: WhyCode, _ explanation: String, nextStep: String) {
      let last = process.lastMessage.map { "; its last message is of \($0.iso8601)" } ?? ""
      findings.insert(
        Finding(
          code: code.rawValue, severity: .critical, since: SystemClock.now,
          subject: Finding.Subject(.node, "\(view.node.name)"), explanation: explanation + last, nextStep: nextStep),
        at: 0)
    }
    if view.pid == nil {
      add(
        .notRunning, "the process of \(view.node.name) does not run on this machine", nextStep: process.command("start")
      )
    } else if view.isSuspended, let pid = view.pid {
      add(
        .suspended, "the process of \(view.node.name) (pid \(pid)) is suspended by a signal such as SIGSTOP",
        nextStep: "kill -CONT \(pid)")
    } else if view.health == nil {
      add(
        .notAnswering, view.silence ?? "\(view.node.name) has just been started and does not answer yet",
        nextStep: "see the end of \(process.logFile)")
    }
    self.init(name: "\(view.node.name)", status: view.status, findings: findings)
    compareClocks(view.askedAt)
  }

  /// Asks a node for what it finds.
  init(asking address: URL, url: String) async {
    do {
      let (health, status, asked) = try await LedgerClient.with(
        nodes: [address], configuration: NodeProbe.configuration
      ) {
        let health = try await $0.health()
        // A node that reads its log answers nothing else yet.
        let status = try? await $0.status()
        return (health, status, SystemClock.now)
      }
      self.init(name: status?.node.map { "\($0)" } ?? url, status: status, findings: health.findings)
      compareClocks(asked)
    } catch {
      let finding = Finding(
        code: WhyCode.notAnswering.rawValue, severity: .critical, since: SystemClock.now,
        subject: Finding.Subject(.node, url), explanation: ErrorReport.detail(of: error).message,
        nextStep: "start the node, or check the address and the network between here and it")
      self.init(name: url, status: nil, findings: [finding])
    }
  }

  /// Compares the node's clock with that of this machine.
  private mutating func compareClocks(_ now: Timestamp?) {
    guard let time = status?.time, let now else { return }
    let (earlier, later) = (min(time, now), max(time, now))
    guard later.rawValue - earlier.rawValue > Self.clockTolerance else { return }
    findings.append(
      Finding(
        code: WhyCode.clocksDiffer.rawValue, severity: .warning, since: now, subject: Finding.Subject(.clock, name),
        explanation: "the clock of \(name) says \(time.iso8601), that of this machine \(now.iso8601): "
          + "\(later.rawValue - earlier.rawValue) ms \(time > now ? "ahead" : "behind")",
        nextStep: "compare both with NTP, and set the one that is off"))
  }
}

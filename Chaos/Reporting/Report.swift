import Foundation
import LedgerJSON
import Primitives

/// The result of a run, as `--json` prints it.
struct Report: Codable, Sendable {
  struct NodeState: Codable, Sendable {
    var name: String
    var running: Bool
    var status: NodeStatus?
    var health: HealthView?
    var lastLines: [String]
  }

  struct Failure: Codable, Sendable {
    var code: String
    var message: String
    var nextStep: String
    /// The state of the nodes when the failure was found.
    var nodes: [NodeState]
  }

  struct Recovery: Codable, Sendable {
    var seconds: Double
    var after: String
  }

  var passed = false
  var seed: UInt64
  var nodes: Int
  var seconds = 0.0
  /// Whether each node had its own network.
  var namespaces: Bool
  var shaper: NodeNetwork.Shaper
  /// The number of injected faults by kind.
  var faults: [String: Int] = [:]
  /// The kinds that were skipped, and why.
  var skipped: [String: String] = [:]
  var schedule: [String] = []
  var sent = 0
  var acknowledged = 0
  var resubmitted = 0
  /// The longest time after healing until every node was healthy and above the greatest height that any node had
  /// before.
  var worstRecovery: Recovery?
  var liveness: Liveness?
  var hostile: HostileReport?
  /// The changes of the set of validators, in their order.
  var changes: [SetChangeFigures] = []
  var verdict: Checker.Verdict?
  var trends: [Sampler.Trend] = []
  var directory: String?
  var failure: Failure?

  init(seed: UInt64, nodes: Int, namespaces: Bool, shaper: NodeNetwork.Shaper) {
    self.seed = seed
    self.nodes = nodes
    self.namespaces = namespaces
    self.shaper = shaper
  }

  /// The report as text for people.
  var text: String {
    var lines = [""]
    func add(_ title: String, _ value: String) {
      lines.append(title.padding(toLength: 20, withPad: " ", startingAt: 0) + value)
    }
    add("result", passed ? "PASSED" : "FAILED")
    add("seed", "\(seed)")
    add("nodes", "\(nodes)" + (namespaces ? ", each in a network of its own" : ", on loopback"))
    add("time", String(format: "%.1f minutes", seconds / 60))
    let counts = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    add("faults", "\(faults.values.reduce(0, +)): " + counts.joined(separator: ", "))
    for (kind, reason) in skipped.sorted(by: { $0.key < $1.key }) { add("SKIPPED", "\(kind): \(reason)") }
    add("transactions", "\(sent) sent, \(acknowledged) acknowledged as final, \(resubmitted) sent again")
    if let verdict {
      add(
        "chain",
        "\(verdict.transactions) transactions in \(verdict.height) blocks, the same on every node; "
          + "nothing lost, nothing twice")
      add(
        "",
        "\(verdict.unansweredInChain) of them without an answer; \(verdict.acceptedAndNeverFinal) accepted, not final"
      )
      let votes = verdict.votes
      add(
        "votes",
        "\(votes.votes) in \(votes.views) views, from \(votes.logs) logs; nobody contradicts itself"
          + (votes.excused > 0 ? ", apart from \(votes.excused) while its log or its key was tampered with" : ""))
      add("receipts", "\(verdict.receipts) verify with the genesis file alone")
      add("supply", "\(verdict.supply) units: the balances, and what was applied")
    }
    if let worstRecovery {
      add("recovery", String(format: "%.1f s at worst, after %@", worstRecovery.seconds, worstRecovery.after))
    }
    if !changes.isEmpty { add("validators", SetChangeFigures.summary(changes)) }
    if let liveness {
      add("all nodes", LivenessMeasurement.text(liveness.healthy))
      add("just died", LivenessMeasurement.text(liveness.justDied))
      add("one dead", LivenessMeasurement.text(liveness.oneDead))
      if let shortfall = liveness.shortfall { add("", shortfall) }
    }
    if let hostile {
      for window in hostile.dead {
        add("without", "\(hostile.hostile) dead: " + LivenessMeasurement.text(window))
      }
      for play in hostile.plays {
        add(play.play.rawValue, HostileReport.text(play))
        for broken in play.broken { add("", "BROKEN: \(broken)") }
      }
    }
    for trend in trends {
      add(
        trend.node,
        String(
          format: "%@: first %.1f, median %.1f, last %.1f, slope %+.1f an hour", trend.figure, trend.first,
          trend.median, trend.last, trend.slopePerHour))
    }
    if let directory { add("kept", directory) }
    if let failure { lines += Report.text(of: failure, schedule) }
    return lines.joined(separator: "\n")
  }

  private static func text(of failure: Failure, _ schedule: [String]) -> [String] {
    var lines = ["", "FAILED [\(failure.code)] \(failure.message)", "  next: \(failure.nextStep)", "schedule so far:"]
    lines += schedule.map { "  \($0)" }
    for node in failure.nodes {
      lines.append("\(node.name): \(node.running ? "running" : "not running")")
      if let status = node.status, let text = try? AnswerCoding.encode(status) {
        lines.append("  status \(String(decoding: text, as: UTF8.self))")
      }
      if let health = node.health, let text = try? AnswerCoding.encode(health) {
        lines.append("  health \(String(decoding: text, as: UTF8.self))")
      }
      lines += node.lastLines.map { "  log    \($0)" }
    }
    return lines
  }
}

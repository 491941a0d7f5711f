import Foundation

/// What the plays of the hostile validator did to the others.
struct HostileReport: Codable, Sendable {
  struct Node: Codable, Sendable {
    var name: String
    /// How much more memory it had during the play than before, at most.
    var growthBytes: Int
    var logBytes: Int
    /// Whether the log, the metrics and the health name the hostile validator.
    var isInLog: Bool
    var isInMetrics: Bool
    var isInHealth: Bool

    var namesIt: Bool { isInLog && isInMetrics && isInHealth }
  }

  struct Play: Codable, Sendable {
    var play: HostilePlay
    var window: Liveness.Window
    /// The throughput, as a part of that with this validator dead.
    var share: Double
    var sent: HostileFigures
    var nodes: [Node]
    /// In `drip`: the seconds after each restart of a node until it was level with the others.
    var returns: [Double] = []
    /// The promises that were broken.
    var broken: [String] = []
  }

  /// Memory that an honest node may need more during a play.
  static let growthLimit = 64 << 20
  static let leastShare = 0.5
  static let leaderTimeouts = 3
  /// The time in which a node that was away must be level with the others, whatever the validator does.
  static let returnLimit = Duration.seconds(30)

  var hostile: String
  /// With this validator dead, before the first play and again after every few.
  var dead: [Liveness.Window] = []
  var leaderTimeoutMilliseconds: Int
  var plays: [Play] = []

  /// The throughput in a window, as a part of that with this validator dead, as it was measured last.
  func share(_ window: Liveness.Window) -> Double {
    window.transactionsPerSecond / max(dead.last?.transactionsPerSecond ?? 0, 0.001)
  }

  /// The promises about time that a play broke. They depend on the machine, so that the short run does not judge them.
  func lateness(_ play: Play) -> [String] {
    var broken: [String] = []
    if play.share < Self.leastShare {
      broken.append("the throughput is \(Int(play.share * 100)) % of that with \(hostile) dead, below 50 %")
    }
    let limit = Self.leaderTimeouts * leaderTimeoutMilliseconds
    if play.window.p99Milliseconds >= Double(limit) {
      broken.append("p99 is \(Int(play.window.p99Milliseconds)) ms, not below \(limit) ms")
    }
    return broken
  }

  /// The promises that hold on any machine.
  func damage(_ play: Play) -> [String] {
    var broken: [String] = []
    for node in play.nodes {
      if node.growthBytes >= Self.growthLimit {
        broken.append("the memory of \(node.name) grew by \(node.growthBytes >> 20) MiB, not less than 64 MiB")
      }
    }
    return broken
  }

  /// Whether the hostile validator sent what proves itself in some of the plays and nobody named it.
  func anonymity(_ plays: [Play]) -> [String] {
    let provable = plays.filter { $0.play.isProvable && $0.sent.frames > 0 }
    guard !provable.isEmpty, !provable.flatMap(\.nodes).contains(where: \.namesIt) else { return [] }
    return ["no node names \(hostile) in its log, its metrics and its health"]
  }

  static func text(_ play: Play) -> String {
    let growth = play.nodes.map { "\($0.growthBytes >> 20)" }.joined(separator: "/")
    let names = play.nodes.map { node in
      (node.isInLog ? "L" : "-") + (node.isInMetrics ? "M" : "-") + (node.isInHealth ? "H" : "-")
    }.joined(separator: " ")
    let logs = play.nodes.map { "\($0.logBytes >> 10)" }.joined(separator: "/")
    let bytes = play.sent.bytes < 1 << 20 ? "\(play.sent.bytes >> 10) KiB" : "\(play.sent.bytes >> 20) MiB"
    let returns = play.returns.map { String(format: "%.1f", $0) }.joined(separator: "/")
    return "\(Int(play.share * 100)) %, " + LivenessMeasurement.text(play.window)
      + "; MiB more \(growth); log KiB \(logs); named \(names); sent \(play.sent.frames) frames, "
      + "\(bytes) on \(play.sent.links) links, read \(play.sent.framesRead)"
      + (returns.isEmpty ? "" : "; level after \(returns) s")
  }
}

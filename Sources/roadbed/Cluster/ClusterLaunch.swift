import Foundation
import LedgerJSON
import Primitives

/// Starts nodes and watches them come up.
struct ClusterLaunch {
  let cluster: Cluster
  let nodes: [ClusterNode]
  private let probe: NodeProbe
  private(set) var started: [StartedNode] = []
  private(set) var alreadyRunning: [String] = []

  init(_ cluster: Cluster, nodes: [ClusterNode]) {
    self.cluster = cluster
    self.nodes = nodes
    probe = NodeProbe(cluster)
  }

  mutating func start() throws {
    for node in nodes {
      let process = cluster.process(of: node)
      if process.pid != nil {
        alreadyRunning.append(process.name)
      } else {
        started.append(try process.start())
      }
    }
  }

  /// Nodes that exited although they should still be running.
  var ended: [StartedNode] { started.filter(\.hasEnded) }

  func look() async -> [NodeView] { await probe.look(at: nodes) }

  /// Waits until every node answers.
  func waitUntilAnswering(within limit: Duration) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
      if let ended = ended.first { throw CommandError.endedAtStart(ended) }
      let views = await look()
      if views.allSatisfy({ $0.health != nil && !$0.isStarting }) { return }
      guard ContinuousClock.now < deadline else { throw CommandError.notAnswering(views, limit, cluster) }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Waits until all nodes are healthy, or until a quorum is healthy and the others have had a few more seconds.
  func waitUntilWorking(within limit: Duration) async throws -> [NodeView] {
    let deadline = ContinuousClock.now + limit
    var grace: ContinuousClock.Instant?
    while true {
      let views = await look()
      let healthy = views.count(where: \.isHealthy)
      if healthy == views.count { return views }
      let now = ContinuousClock.now
      if healthy >= cluster.quorum.size {
        let end = grace ?? now + .seconds(3)
        grace = end
        if now >= end || healthy + ended.count == views.count { return views }
      } else if let first = ended.first, views.count - ended.count < cluster.quorum.size {
        throw CommandError.endedAtStart(first)
      }
      guard now < deadline else { throw CommandError.notAnswering(views, limit, cluster) }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Stops the nodes that this launch started.
  func stop() async throws -> [String] {
    try await ClusterStop.stop(started.map(\.node), seconds: 30)
  }
}

extension CommandError {
  static func endedAtStart(_ started: StartedNode) -> CommandError {
    CommandError(
      code: "cluster.node-ended", explanation: "\(started.node.name) exited during its start: \(started.lastWords)",
      nextStep: "see \(started.node.logFile) for all its messages, then start it again")
  }

  static func notAnswering(_ views: [NodeView], _ limit: Duration, _ cluster: Cluster) -> CommandError {
    let states = views.map { "\($0.node.name) is \($0.state)\($0.explanation.map { " (\($0))" } ?? "")" }
      .joined(separator: ", ")
    return CommandError(
      code: "cluster.not-working",
      explanation: "not enough nodes are healthy after \(limit.components.seconds) seconds: \(states)",
      nextStep:
        "see node.log in the directory of each node; if they are replaying a long log, use a longer --timeout")
  }
}

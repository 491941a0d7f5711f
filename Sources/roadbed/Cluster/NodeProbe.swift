import Foundation
import LedgerClient
import LedgerJSON

/// What can be seen of one node from outside, at one moment.
struct NodeView: Sendable {
  var node: ClusterNode
  /// Nil if no such process runs here.
  var pid: Int32?
  /// Nil if its API does not answer.
  var status: NodeStatus?
  var health: HealthView?

  var isHealthy: Bool { health?.healthy ?? false }

  /// One word for people.
  var state: String {
    guard pid != nil else { return "stopped" }
    guard let health else { return "starting" }
    return health.healthy ? "healthy" : "unhealthy"
  }
}

/// Looks at nodes, all at once, each for a bounded time.
struct NodeProbe {
  private static let configuration: ClientConfiguration = {
    var configuration = ClientConfiguration()
    configuration.connectTimeout = .seconds(2)
    configuration.answerTimeout = .seconds(2)
    configuration.retries.attempts = 1
    return configuration
  }()

  let cluster: Cluster

  init(_ cluster: Cluster) { self.cluster = cluster }

  func look(at nodes: [ClusterNode]) async -> [NodeView] {
    await withTaskGroup(of: (Int, NodeView).self) { group in
      for (place, node) in nodes.enumerated() {
        let view = NodeView(node: node, pid: cluster.process(of: node).pid)
        group.addTask { (place, await NodeProbe.completed(view)) }
      }
      var views: [(Int, NodeView)] = []
      for await view in group { views.append(view) }
      return views.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private static func completed(_ view: NodeView) async -> NodeView {
    guard view.pid != nil, let address = try? NodeAddress.parse(view.node.api) else { return view }
    var view = view
    let seen = try? await LedgerClient.with(nodes: [address], configuration: configuration) { client in
      (try await client.health(), try? await client.status())
    }
    view.health = seen?.0
    view.status = seen?.1
    return view
  }
}

import Ledger
import LedgerJSON
import Primitives

/// The answer of `cluster status --json`.
struct ClusterStatusAnswer: Encodable {
  struct Node: Encodable {
    var name: Name
    /// Absent if the node does not answer.
    var role: NodeRole?
    var running: Bool
    /// One of "stopped", "starting", "not answering", "healthy" and "unhealthy".
    var state: String
    var pid: Int32?
    var api: String
    var healthy: Bool
    var reasons: [Finding]
    var height: Height?
    var block: Digest?
    var view: UInt64?
    var connectedPeers: Int?
    var mempoolTransactions: Int?
  }

  /// A validator that the cluster's files do not name.
  struct Elsewhere: Encodable {
    var name: Name
    /// Whether the node that was asked has a link to it.
    var connected: Bool
  }

  var chain: ChainView
  /// Whether a quorum is healthy.
  var working: Bool
  /// How many of the validators are healthy, or linked if they are elsewhere.
  var healthy: Int
  /// The number of validators, and how many of them are a quorum.
  var validators: Int
  var quorum: Int
  var nodes: [Node]
  var elsewhere: [Elsewhere]

  /// - Parameter set: who votes; nil if no node says so, which is when the nodes of the cluster's files count.
  init(_ cluster: Cluster, _ views: [NodeView], _ set: ValidatorsView?) {
    chain = cluster.file.chain
    let own = Set(views.map(\.node.name))
    let names = set.map { Set($0.items.map(\.name)) } ?? own
    elsewhere = (set?.items ?? []).filter { !own.contains($0.name) }.map {
      Elsewhere(name: $0.name, connected: $0.connected)
    }
    healthy = views.count { names.contains($0.node.name) && $0.isHealthy } + elsewhere.count { $0.connected }
    validators = names.count
    quorum = Quorum(validators: max(1, names.count)).size
    working = healthy >= quorum
    nodes = views.map { view in
      Node(
        name: view.node.name, role: view.status?.role, running: view.pid != nil, state: view.state, pid: view.pid,
        api: view.node.api,
        healthy: view.isHealthy,
        reasons: view.health?.reasons ?? [], height: view.status?.height, block: view.status?.block,
        view: view.status?.view, connectedPeers: view.status?.peers.count(where: \.connected),
        mempoolTransactions: view.status?.mempool.transactions)
    }
  }
}

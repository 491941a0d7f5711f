import Ledger
import LedgerJSON
import Primitives

/// The answer of `cluster status --json`.
struct ClusterStatusAnswer: Encodable {
  struct Node: Encodable {
    var name: Name
    var running: Bool
    /// One of "stopped", "starting", "not answering", "healthy" and "unhealthy".
    var state: String
    var pid: Int32?
    var api: String
    var healthy: Bool
    var reasons: [ErrorDetail]
    var height: Height?
    var block: Digest?
    var view: UInt64?
    var connectedPeers: Int?
    var mempoolTransactions: Int?
  }

  var chain: ChainView
  /// Whether a quorum is healthy.
  var working: Bool
  var healthy: Int
  var quorum: Int
  var nodes: [Node]

  init(_ cluster: Cluster, _ views: [NodeView]) {
    chain = cluster.file.chain
    healthy = views.count(where: \.isHealthy)
    quorum = cluster.quorum.size
    working = healthy >= quorum
    nodes = views.map { view in
      Node(
        name: view.node.name, running: view.pid != nil, state: view.state, pid: view.pid, api: view.node.api,
        healthy: view.isHealthy,
        reasons: view.health?.reasons ?? [], height: view.status?.height, block: view.status?.block,
        view: view.status?.view, connectedPeers: view.status?.peers.count(where: \.connected),
        mempoolTransactions: view.status?.mempool.transactions)
    }
  }
}

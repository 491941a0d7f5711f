import Ledger
import LedgerJSON
import Primitives

/// `cluster.json`, which `cluster new` writes for the other commands and for scripts (Documentation/cluster.md). Paths
/// are relative to the cluster's directory, so that it can be moved.
struct ClusterFile: Codable {
  static let format = "roadbed-cluster/1"
  static let name = "cluster.json"

  var format = ClusterFile.format
  var chain: ChainView
  var genesis: String
  /// The nodes in the order of the validators.
  var nodes: [ClusterNode]
  /// Members whose keys are in the cluster's directory.
  var members: [ClusterMember]
}

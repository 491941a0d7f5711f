import Ledger

/// A member in `cluster.json` whose key is in the cluster's directory.
struct ClusterMember: Codable {
  var name: Name
  var key: String
}

import Ledger

/// A node in `cluster.json`.
struct ClusterNode: Codable {
  var name: Name
  var directory: String
  /// The address for its peers, `host:port`.
  var peers: String
  /// The base URL of its HTTP API, `http://host:port`.
  var api: String
}

import Ledger

struct ClusterMember: Codable {
  var name: Name
  var key: String
}

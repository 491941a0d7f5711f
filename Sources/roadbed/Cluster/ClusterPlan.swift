import Ledger
import Primitives

/// What `cluster new` creates.
struct ClusterPlan {
  var directory: String
  var chainName: Name
  var suite: Suite
  var nodes: Int
  var basePort: Int
  var leaderTimeoutMilliseconds: UInt32

  static let defaultBasePort = 7400
  /// A node's API port minus its port for peers.
  static let apiPortOffset = 100
  /// With more nodes, the ports for peers and for APIs would overlap.
  static let nodeLimit = apiPortOffset - 1

  func peerPort(_ number: Int) -> Int { basePort + number }
  func apiPort(_ number: Int) -> Int { basePort + ClusterPlan.apiPortOffset + number }

  var ports: [Int] { (1...nodes).flatMap { [peerPort($0), apiPort($0)] } }

  /// The members of the sample story. The first is the administrator and admits the others.
  static let registry = "registry"
  static let demoMembers = [registry, "bank-a", "bank-b", "mint", "notary"]
}

import Cryptography
import Primitives

/// The parts of `audit --json` that tests read.
struct AuditAnswer: Decodable {
  struct Fault: Decodable {
    var code: String
    var message: String
    var record: UInt64
    var height: UInt64
  }

  var transactions: Int
  var seconds: Double
  var transactionsPerSecond: Double
  var firstFault: Fault?
  var beginsAt: UInt64
  var height: UInt64
  var stateRoot: String
  var openEnded: Bool
}

/// The parts of `cluster status --json` that tests read.
struct ClusterStatusAnswer: Decodable {
  struct Node: Decodable {
    var name: String
    var running: Bool
    var healthy: Bool
  }

  var working: Bool
  var healthy: Int
  var quorum: Int
  var nodes: [Node]
}

enum Sample {
  static func digest(of bytes: [UInt8], _ suite: Primitives.Suite) -> Digest {
    var hash = HashFunction(suite)
    return hash.hash(bytes)
  }
}

import Cryptography
import Primitives

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

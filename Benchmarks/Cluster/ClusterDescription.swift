/// The parts of `cluster.json` that the benchmark needs.
struct ClusterDescription: Decodable {
  struct Node: Decodable {
    var name: String
    var directory: String
    var api: String
  }

  var nodes: [Node]
  var genesis: String
}

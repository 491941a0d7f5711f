/// Where a node runs and how it is reached.
struct NodeEndpoint: Sendable {
  /// What a command is put behind to run there; empty on loopback.
  var entry: [String]
  var peers: String
  var apiHost: String
  var apiPort: Int

  var api: String { "http://\(apiHost):\(apiPort)" }

  /// In a namespace of its own.
  static func inNetwork(_ network: NodeNetwork, _ number: Int) -> NodeEndpoint {
    NodeEndpoint(
      entry: ["ip", "netns", "exec", network.namespace(number)], peers: "\(network.address(number)):7500",
      apiHost: network.address(number), apiPort: 7400)
  }

  /// Beside the others, as `roadbed cluster new` numbers ports.
  static func onLoopback(basePort: Int, _ number: Int) -> NodeEndpoint {
    NodeEndpoint(
      entry: [], peers: "127.0.0.1:\(basePort + number)", apiHost: "127.0.0.1", apiPort: basePort + 100 + number)
  }
}

/// Where a node runs and how to reach it.
struct NodeEndpoint: Sendable {
  /// The words to put before a command so that it runs there; empty on loopback.
  var entry: [String]
  var peers: String
  var apiHost: String
  var apiPort: Int

  /// The same place for a node whose peers reach it through a relay.
  var behindRelay: NodeEndpoint {
    var inner = self
    let port = peers.split(separator: ":").last.flatMap { Int($0) } ?? 0
    inner.peers = "127.0.0.1:\(port + 40)"
    return inner
  }

  var api: String { "http://\(apiHost):\(apiPort)" }

  /// A node in a network namespace of its own.
  static func inNetwork(_ network: NodeNetwork, _ number: Int) -> NodeEndpoint {
    NodeEndpoint(
      entry: ["ip", "netns", "exec", network.namespace(number)], peers: "\(network.address(number)):7500",
      apiHost: network.address(number), apiPort: 7400)
  }

  /// A node on loopback, with ports numbered as by `roadbed cluster new`.
  static func onLoopback(basePort: Int, _ number: Int) -> NodeEndpoint {
    NodeEndpoint(
      entry: [], peers: "127.0.0.1:\(basePort + number)", apiHost: "127.0.0.1", apiPort: basePort + 100 + number)
  }
}

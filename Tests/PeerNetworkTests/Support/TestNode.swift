internal import Logging
internal import PeerNetwork
internal import Primitives

/// One node of a test network on loopback, with a record of what it received.
final class TestNode: Sendable {
  static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))

  let network: PeerNetwork
  let recorder: Recorder
  let address: PeerAddress

  private init(network: PeerNetwork, recorder: Recorder, address: PeerAddress) {
    self.network = network
    self.recorder = recorder
    self.address = address
  }

  /// Limits with times short enough for tests.
  static var quickLimits: PeerNetworkLimits {
    var limits = PeerNetworkLimits()
    limits.backoffMinimumMilliseconds = 10
    limits.backoffMaximumMilliseconds = 100
    limits.closeMilliseconds = 100
    // Nodes without addresses are never dialled.
    limits.firstPatienceMilliseconds = limits.patienceMilliseconds
    // On a busy machine, a test may need long between two steps of a handshake.
    limits.handshakeMilliseconds = 600_000
    return limits
  }

  /// The configuration of node `index`, which dials those of `peers` that have a higher index; `peers` may hold the node itself.
  static func configuration(
    _ index: Int, identity: Int? = nil, port: Int = 0, peers: [PeerDescription]
  ) -> PeerNetworkConfiguration {
    let identity = TestIdentity.all[identity ?? index]
    var configuration = PeerNetworkConfiguration(
      listen: PeerAddress(host: "127.0.0.1", port: port), certificatePEM: identity.certificatePEM,
      privateKeyPEM: identity.privateKeyPEM, peers: list(peers, of: index), chain: chain, instance: UInt64(index),
      jitterSeed: UInt64(index),
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
      pin: TestIdentity.pin(ofSubjectPublicKeyInfo:))
    configuration.limits = quickLimits
    return configuration
  }

  /// The list of node `index`, which dials those with a higher index, without itself.
  static func list(_ peers: [PeerDescription], of index: Int) -> [PeerDescription] {
    let own = PeerID(UInt16(index))
    return peers.filter { $0.id != own }.map { peer in
      var peer = peer
      peer.isDialled = own < peer.id
      return peer
    }
  }

  /// A peer as others list it. Without an address, the peer dials and is never dialled.
  static func description(_ index: Int, identity: Int? = nil, at address: PeerAddress? = nil) -> PeerDescription {
    PeerDescription(
      id: PeerID(UInt16(index)), name: "node\(index)",
      addresses: [address ?? PeerAddress(host: "127.0.0.1", port: 1)], pins: [TestIdentity.all[identity ?? index].pin],
      isDialled: false)
  }

  static func start(_ configuration: PeerNetworkConfiguration) async throws -> TestNode {
    let recorder = Recorder()
    let network = try PeerNetwork(configuration, handler: recorder)
    let address = try await network.start()
    return TestNode(network: network, recorder: recorder, address: address)
  }

  /// Starts `count` nodes that know each other, from the last to the first, since nodes with lower indices dial.
  static func cluster(
    _ count: Int, _ change: (inout PeerNetworkConfiguration) -> Void = { _ in }
  ) async throws -> [TestNode] {
    var nodes: [TestNode] = []
    for index in (0..<count).reversed() {
      let peers = (0..<count).map { other in
        description(other, at: other > index ? nodes[other - index - 1].address : nil)
      }
      var configuration = configuration(index, peers: peers)
      change(&configuration)
      nodes.insert(try await start(configuration), at: 0)
    }
    return nodes
  }

  func isConnected(to peer: Int) -> Bool { statistics(of: peer)?.isConnected ?? false }

  func statistics(of peer: Int) -> PeerStatistics? {
    network.statistics.peers.first { $0.id.rawValue == peer }
  }

  func count(of code: String) -> UInt64 { network.statistics.count(of: code) }
}

func stop(_ nodes: [TestNode]) async {
  for node in nodes { await node.network.stop() }
}

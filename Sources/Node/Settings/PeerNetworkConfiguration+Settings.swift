internal import Cryptography
internal import Ledger
internal import Logging
internal import PeerNetwork
internal import Primitives
internal import Replica

extension PeerNetworkConfiguration {
  /// The configuration of a node's links.
  init(
    chain: ChainContext, book: PeerBook, transport: TransportIdentity, logger: Logger
  ) throws {
    self.init(
      // A node that the directory does not list can be reached by nobody, so any free port will do.
      listen: book.listenAddress ?? PeerAddress(host: "127.0.0.1", port: 0),
      certificatePEM: transport.certificatePEM, privateKeyPEM: try transport.privateKeyPEM(), peers: book.links,
      chain: chain, instance: UInt64.random(in: .min ... .max),
      jitterSeed: UInt64.random(in: .min ... .max), logger: logger,
      pin: { TransportIdentity.pin(ofSubjectPublicKeyInfoDER: $0) })
    frameLimits = FrameLimits(
      defaultLimit: 0,
      special: Dictionary(uniqueKeysWithValues: PeerMessage.Kind.allCases.map { ($0.rawValue, $0.limit) }))
  }
}

extension PeerAddress {
  init(_ endpoint: Endpoint) { self.init(host: endpoint.host, port: endpoint.port) }
}

internal import Cryptography
internal import Ledger
internal import Logging
internal import PeerNetwork
internal import Primitives
internal import Replica

extension PeerNetworkConfiguration {
  /// The configuration of the links of a validator in genesis.
  init(
    settings: NodeSettings, genesis: Genesis, own: PeerID, transport: TransportIdentity, logger: Logger
  ) throws {
    var peers: [PeerDescription] = []
    for (place, validator) in genesis.validators.enumerated() {
      guard let address = settings.peerAddresses[validator.name] ?? Endpoint(validator.address) else {
        throw NodeError.badPeerAddress(validator: validator.name.description, address: validator.address)
      }
      peers.append(
        PeerDescription(
          id: PeerID(UInt16(place)), name: validator.name.description, address: PeerAddress(address),
          pin: validator.transportKey))
    }
    self.init(
      listen: settings.peerListen.map(PeerAddress.init) ?? peers[Int(own.rawValue)].address,
      ownID: own, certificatePEM: transport.certificatePEM, privateKeyPEM: try transport.privateKeyPEM(),
      peers: peers, chain: genesis.chain, instance: UInt64.random(in: .min ... .max),
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

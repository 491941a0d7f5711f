internal import Primitives
internal import Synchronization

/// What all links of one network share. May be used from any event loop.
final class LinkEnvironment: Sendable {
  let configuration: PeerNetworkConfiguration
  let ownPin: Digest
  /// In ascending order of their ids, without the node itself.
  let peers: [Peer]
  let handler: any PeerNetworkHandler
  let security: TransportSecurity
  let journal: FaultJournal
  private let peersByPin: [Digest: Peer]
  /// An array, because ids are small and dense; nil where no peer has the id.
  private let peersByID: [Peer?]
  private let stopped = Atomic(false)

  init(_ configuration: PeerNetworkConfiguration, handler: any PeerNetworkHandler) throws(PeerNetworkError) {
    let security = try TransportSecurity(configuration)
    let ownPin = configuration.pin(security.ownKey)
    var peers: [Peer] = []
    var byPin: [Digest: Peer] = [:]
    var byID: [Peer?] = []
    for description in configuration.peers.sorted(by: { $0.id < $1.id }) {
      if description.id == configuration.ownID {
        guard description.pin == ownPin else { throw .ownKeyNotListed(own: ownPin, listed: description.pin) }
        continue
      }
      let place = Int(description.id.rawValue)
      guard byID.count <= place else { throw .duplicateID(description.id) }
      guard byPin[description.pin] == nil, description.pin != ownPin else { throw .duplicatePin(description.pin) }
      let peer = Peer(description, limits: configuration.limits)
      peers.append(peer)
      byPin[description.pin] = peer
      byID += Array(repeating: nil, count: place - byID.count)
      byID.append(peer)
    }
    self.configuration = configuration
    self.ownPin = ownPin
    self.peers = peers
    self.handler = handler
    self.security = security
    journal = FaultJournal(configuration.logger)
    peersByPin = byPin
    peersByID = byID
  }

  func peer(_ id: PeerID) -> Peer? {
    Int(id.rawValue) < peersByID.count ? peersByID[Int(id.rawValue)] : nil
  }

  // MARK: Identities

  /// The peer that `certificate`, presented on an accepted connection, belongs to.
  func peer(dialling certificate: [UInt8]) throws(LinkFault) -> Peer {
    let pin = try pin(of: certificate)
    guard pin != ownPin else { throw .ownKeyElsewhere(pin: pin) }
    guard let peer = peersByPin[pin] else { throw .unknownKey(pin: pin) }
    guard peer.id < configuration.ownID else { throw .wrongDialer(peer.id) }
    if let refusal = peer.refusal { throw refusal }
    return peer
  }

  /// Refuses every key except that of `peer`, which was dialled.
  func check(_ certificate: [UInt8], of peer: Peer) throws(LinkFault) {
    let pin = try pin(of: certificate)
    guard pin != peer.description.pin else { return }
    throw pin == ownPin ? .ownKeyElsewhere(pin: pin) : .wrongKey(pin: pin, expected: peer.description.pin)
  }

  private func pin(of certificate: [UInt8]) throws(LinkFault) -> Digest {
    guard let key = CertificateKey.subjectPublicKeyInfo(ofCertificate: certificate) else {
      throw .unreadableCertificate
    }
    return configuration.pin(key)
  }

  // MARK: Back-pressure

  /// Stops reading from a peer if the replica has no more room for it.
  func pauseIfFull(_ peer: Peer) {
    guard !handler.hasRoom(for: peer.id) else { return }
    peer.noteFull()
    // The replica may have made room, and called `resumeReading`, just before the store.
    if handler.hasRoom(for: peer.id) { peer.resumeReading() }
  }

  /// Reads again from the peers for which there is room.
  func resumeReading() {
    for peer in peers where peer.isFull && handler.hasRoom(for: peer.id) { peer.resumeReading() }
  }

  // MARK: Stopping

  var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }
  func stop() { stopped.store(true, ordering: .sequentiallyConsistent) }
}

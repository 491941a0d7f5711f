internal import Primitives
internal import Synchronization

/// What all links of one network share. May be used from any event loop.
final class LinkEnvironment: Sendable {
  private struct State {
    var table = PeerTable()
    var former = FormerPeers()
  }

  let configuration: PeerNetworkConfiguration
  let ownPin: Digest
  let handler: any PeerNetworkHandler
  let security: TransportSecurity
  let journal: FaultJournal
  private let state = Mutex(State())
  private let stopped = Atomic(false)

  init(_ configuration: PeerNetworkConfiguration, handler: any PeerNetworkHandler) throws(PeerNetworkError) {
    security = try TransportSecurity(configuration)
    self.configuration = configuration
    ownPin = configuration.pin(security.ownKey)
    self.handler = handler
    journal = FaultJournal(configuration.logger)
    try update(configuration.peers)
  }

  // MARK: Peers

  /// Those that are listed now, in ascending order of their ids.
  var peers: [Peer] { state.withLock { $0.table.peers } }

  func peer(_ id: PeerID) -> Peer? { state.withLock { $0.table[id] } }

  /// Replaces the list of peers. Ends the links of those that are not in it, and links made with a key that is not in
  /// it. A list that is refused changes nothing.
  func update(_ list: [PeerDescription]) throws(PeerNetworkError) {
    try PeerTable.check(list, ownPin: ownPin)
    state.withLock { state in
      let kept = list.map { description in
        state.table[description.id].flatMap { $0.name == description.name ? $0 : nil }
      }
      let keptIDs = Set(kept.compactMap { $0?.id })
      // They leave before anything can find their successors, so the handler hears of the end of a link first.
      for peer in state.table.peers where !keptIDs.contains(peer.id) {
        peer.remove()
        state.former.add(peer.id, peer.name, peer.conduct)
      }
      state.table = PeerTable(
        zip(list, kept).map { description, peer in
          if let peer {
            peer.update(description)
            return peer
          }
          let conduct = state.former.take(description.id, description.name)
          return Peer(description, limits: configuration.limits, conduct: conduct)
        })
    }
  }

  // MARK: Identities

  /// The peer that `certificate`, presented on an accepted connection, belongs to, and the certificate's pin.
  func peer(dialling certificate: [UInt8]) throws(LinkFault) -> (peer: Peer, pin: Digest) {
    let pin = try pin(of: certificate)
    guard pin != ownPin else { throw .ownKeyElsewhere(pin: pin) }
    guard let peer = state.withLock({ $0.table[pin] }) else { throw .unknownKey(pin: pin) }
    if let refusal = peer.conduct.refusal { throw refusal }
    return (peer, pin)
  }

  /// Refuses every key except those of `peer`, which was dialled. Returns the certificate's pin.
  func check(_ certificate: [UInt8], of peer: Peer) throws(LinkFault) -> Digest {
    let pin = try pin(of: certificate)
    let expected = peer.description.pins
    guard !expected.contains(pin) else { return pin }
    throw pin == ownPin ? .ownKeyElsewhere(pin: pin) : .wrongKey(pin: pin, expected: expected)
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

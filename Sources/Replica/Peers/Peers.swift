internal import Consensus
internal import Primitives

/// Who is connected, and where peers say they stand. Claims: they never move a target (attack S1).
struct Peers {
  private(set) var connected: Set<PeerID> = []
  private(set) var statuses: [PeerID: PeerStatus] = [:]
  private var nextStatus: Tick

  init(nextStatus: Tick) { self.nextStatus = nextStatus }

  /// When the own status is sent again.
  func nextDeadline(_ configuration: ReplicaConfiguration) -> Tick? {
    configuration.peers.count > 1 ? nextStatus : nil
  }

  /// The greatest height that a connected peer claims.
  var highest: Height {
    statuses.filter { connected.contains($0.key) }.values.map(\.height).max() ?? .genesis
  }

  mutating func connect(_ peer: PeerID) { connected.insert(peer) }

  /// Returns false if it was not connected.
  mutating func disconnect(_ peer: PeerID) -> Bool {
    guard connected.remove(peer) != nil else { return false }
    statuses[peer] = nil
    return true
  }

  /// Where a peer says it stands. One that is behind is sent what brings it on. Returns false if it speaks of another
  /// epoch.
  mutating func receive(
    _ status: PeerStatus, from peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> Bool {
    guard status.epoch == context.configuration.validators.epoch else { return false }
    statuses[peer] = status
    if status.finalizedView < consensus.lastFinalized.view || status.view < consensus.view {
      help(peer, consensus, &context)
    }
    return true
  }

  /// Sends the certificates that bring a peer to where this node stands: the newest finalization and the
  /// best certificate for entering the current view. They prove themselves.
  func help(_ peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext) {
    for certificate in [consensus.finalization, consensus.enteringCertificate].compactMap(\.self) {
      context.send(.certificate(certificate), to: .peer(peer))
    }
  }

  /// Says where this node stands.
  func sendStatus(
    to audience: Audience, _ consensus: borrowing Consensus, _ height: Height, _ context: inout StepContext
  ) {
    context.send(
      .status(
        PeerStatus(
          epoch: context.configuration.validators.epoch, view: consensus.view,
          finalizedView: consensus.lastFinalized.view, height: height)), to: audience)
  }

  /// Says so to everybody when it is time.
  mutating func sendStatusIfDue(
    _ consensus: borrowing Consensus, _ height: Height, _ context: inout StepContext
  ) {
    guard nextStatus <= context.now.tick else { return }
    nextStatus = context.tick(in: context.configuration.statusInterval)
    sendStatus(to: .all, consensus, height, &context)
  }

  /// How many validators claim to stand nowhere that this node has not reached itself, on the word of certificates.
  func overtaken(_ consensus: borrowing Consensus, _ directory: PeerDirectory) -> Int {
    var count = 0
    for (peer, status) in statuses {
      if directory.validator(peer) != nil, status.view <= consensus.view,
        status.finalizedView <= consensus.lastFinalized.view
      {
        count += 1
      }
    }
    return count
  }
}

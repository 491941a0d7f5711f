internal import Consensus
internal import Primitives

/// The connected peers and the statuses that they report. Statuses are only claims and never set a target (attack S1).
struct Peers {
  private(set) var connected: Set<PeerID> = []
  private(set) var statuses: [PeerID: PeerStatus] = [:]
  private var nextStatus: Tick
  /// The certificates that each peer caused this node to send, since when.
  private var caused: [PeerID: (since: Tick, count: Int)] = [:]

  /// When each peer of another epoch was answered last, and the last ended epoch for which it was.
  private var bridged: [PeerID: (last: Tick, ended: Epoch?)] = [:]
  private var waste = WasteBudget()
  /// The validators that say that another process uses this node's key.
  private var keyReports: Set<PeerID> = []

  init(nextStatus: Tick) { self.nextStatus = nextStatus }

  /// When the node's own status is sent again.
  func nextDeadline(_ configuration: ReplicaConfiguration) -> Tick? {
    configuration.peers.count > 1 ? nextStatus : nil
  }

  /// The greatest height that f + 1 connected validators claim to have, so that a correct one has it; if fewer are
  /// connected, that all of them claim.
  func vouchedHeight(_ configuration: ReplicaConfiguration) -> Height {
    let claims = statuses.filter { connected.contains($0.key) && configuration.peers.validator($0.key) != nil }
      .values.map(\.height).sorted(by: >)
    let links = connected.count { configuration.peers.validator($0) != nil }
    let needed = min(configuration.validators.quorum.faults + 1, links)
    return needed > 0 && claims.count >= needed ? claims[needed - 1] : .genesis
  }

  mutating func connect(_ peer: PeerID) { connected.insert(peer) }

  /// Begins an epoch: peers may be told so at once, and what those of the last one reported of this node's key is over.
  mutating func beginEpoch() {
    bridged = [:]
    keyReports = []
  }

  /// Whether a peer of another epoch may be answered now: once in a retry interval, or at once if it has moved on to a later
  /// epoch, which has ended as well.
  mutating func mayBridge(_ peer: PeerID, ended epoch: Epoch? = nil, _ context: borrowing StepContext) -> Bool {
    if let (last, ended) = bridged[peer],
      context.now.tick.microseconds(since: last) < context.configuration.retryInterval
    {
      guard let epoch, let ended, epoch > ended else { return false }
    }
    bridged[peer] = (context.now.tick, epoch ?? bridged[peer]?.ended)
    return true
  }

  /// Returns false if the peer was not connected.
  mutating func disconnect(_ peer: PeerID) -> Bool {
    guard connected.remove(peer) != nil else { return false }
    statuses[peer] = nil
    caused[peer] = nil
    bridged[peer] = nil
    keyReports.remove(peer)
    return true
  }

  /// Handles a peer's status, and helps the peer if it is behind in the running epoch.
  mutating func receive(
    _ status: PeerStatus, from peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) {
    statuses[peer] = status
    guard status.epoch == context.epoch else { return }
    if status.finalizedView < consensus.lastFinalized.view || status.view < consensus.view {
      if mayCauseMore(peer, context) { help(peer, consensus, &context) }
    }
  }

  /// Whether this node still sends certificates because of what the peer says. A short message has a long answer, so
  /// there is a limit for each retry interval; beyond it the peer must ask again.
  func mayCauseMore(_ peer: PeerID, _ context: borrowing StepContext) -> Bool {
    guard let share = caused[peer] else { return true }
    return share.count < Limits.peerCertificates
      || context.now.tick.microseconds(since: share.since) >= context.configuration.retryInterval
  }

  /// Counts certificates that are sent because of what the peer said.
  mutating func count(_ certificates: Int, for peer: PeerID, _ context: borrowing StepContext) {
    let retry = context.configuration.retryInterval
    var share = caused[peer] ?? (since: context.now.tick, count: 0)
    if context.now.tick.microseconds(since: share.since) >= retry { share = (since: context.now.tick, count: 0) }
    share.count += certificates
    caused[peer] = share
  }

  /// Notes that a peer says that another process uses this node's key (protocol rule R27). Returns how many validators
  /// say so once at least one of them must be correct.
  mutating func reportKey(_ peer: PeerID, _ context: inout StepContext) -> Int? {
    let configuration = context.configuration
    guard configuration.isOther(peer), configuration.peers.validator(peer) != nil else { return nil }
    if keyReports.insert(peer).inserted { context.notice(.keyReported(by: peer)) }
    return keyReports.count > configuration.validators.quorum.faults ? keyReports.count : nil
  }

  /// Charges a peer for a frame that was of no use to this node.
  /// - Parameter bytes: the frame's, and those of the answer that it caused.
  mutating func charge(_ bytes: Int, to peer: PeerID, _ context: inout StepContext) {
    guard context.configuration.isOther(peer),
      let tick = waste.charge(bytes, to: peer, now: context.now.tick)
    else { return }
    context.notice(.wasteful(peer, until: tick))
  }

  /// Sends the certificates that bring a peer to this node's view: the newest finalization and the best certificate for
  /// entering the current view. They prove themselves.
  mutating func help(_ peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext) {
    let certificates = [consensus.finalization, consensus.enteringCertificate].compactMap(\.self)
    count(certificates.count, for: peer, context)
    for certificate in certificates { context.send(.certificate(certificate), to: .peer(peer)) }
  }

  /// Sends this node's own status.
  func sendStatus(
    to audience: Audience, _ consensus: borrowing Consensus, _ height: Height, _ context: inout StepContext
  ) {
    context.send(
      .status(
        PeerStatus(
          epoch: context.configuration.validators.epoch, view: consensus.view,
          finalizedView: consensus.lastFinalized.view, height: height)), to: audience)
  }

  /// Whether the status must be sent to all peers, with `sendDueStatus`.
  func isStatusDue(_ now: Tick) -> Bool { nextStatus <= now }

  mutating func sendDueStatus(
    _ consensus: borrowing Consensus, _ height: Height, _ context: inout StepContext
  ) {
    nextStatus = context.tick(in: context.configuration.statusInterval)
    sendStatus(to: .all, consensus, height, &context)
  }

  /// The number of validators whose claimed views of the running epoch this node has reached itself, on the strength of
  /// certificates.
  func overtaken(_ consensus: borrowing Consensus, _ directory: PeerDirectory) -> Int {
    var count = 0
    for (peer, status) in statuses {
      if directory.validator(peer) != nil, status.epoch == consensus.configuration.epoch, status.view <= consensus.view,
        status.finalizedView <= consensus.lastFinalized.view
      {
        count += 1
      }
    }
    return count
  }
}

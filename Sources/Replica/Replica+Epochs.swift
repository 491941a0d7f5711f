internal import Consensus
internal import Ledger
internal import Primitives

// From one epoch to the next (protocol rules R37 to R43).
extension Replica {
  /// Whether the committed block ended the epoch of the consensus. From then on nothing is signed in it.
  var isEpochOver: Bool { chain.committed.above.epoch > context.epoch }

  /// Begins the epoch above the committed block, after everything that the consensus of the one before wanted was done.
  mutating func beginEpoch() {
    let configuration = chain.ledger.settledConfiguration
    let epoch = chain.committed.above.epoch
    let closing = chain.closings.leading(to: epoch)
    context.begin(
      configuration.validatorSet(of: epoch), leaderTimeoutMilliseconds: configuration.leaderTimeoutMilliseconds)
    votes.beginEpoch(context)
    proposals = Proposals()
    // Nothing was built on the last block of the epoch before.
    chain.tree = BlockTree()
    blockSync.beginEpoch()
    stateSync.reset()
    closingSync.beginEpoch(context)
    peers.beginEpoch()
    rejoin.beginEpoch(&context)
    consensus = Self.consensus(
      context.configuration, opening: closing?.block ?? chain.committed.block, by: closing?.certificate,
      restored: RestoredConsensus(memory: rejoin.isListening ? .incomplete : .complete(above: .genesis)),
      now: context.now)
    context.notice(.beganEpoch(runningEpoch))
    rules = configuration.rulesVersion
    requireKnownRules()
    requireOnePlace()
    requireCheckpoint()
    context.effects.peers = knownPeers
    for peer in peers.connected.sorted() {
      if let validator = context.configuration.peers.validator(peer) { feed(.linked(validator, true)) }
    }
    wantLostClosings()
    // The new epoch's consensus knows of no work yet.
    admission.forgetWork()
    reportWork()
    peers.sendStatus(to: .all, consensus, chain.committed.height, &context)
    for (peer, frame) in shelf.takeAll() { receive(frame, from: peer) }
  }

  static func consensus(
    _ configuration: ReplicaConfiguration, opening block: Digest, by certificate: Certificate?,
    restored: RestoredConsensus, now: Now
  ) -> Consensus {
    Consensus(
      ConsensusConfiguration(
        validators: configuration.validators, own: configuration.own, openingBlock: block,
        openingCertificate: certificate, deltaMicroseconds: configuration.delta,
        maximumDeltaMicroseconds: configuration.maximumDelta, retryMicroseconds: configuration.retryInterval,
        silenceMicroseconds: configuration.silenceLimit),
      restored: restored, now: now.tick)
  }

  // MARK: Peers in other epochs

  /// Handles a message of another epoch. A peer that is behind gets the finalization that ends its epoch, which its own
  /// validators can judge; one that is ahead gets this node's status, and answers in the same way. Both at most once in a
  /// retry interval.
  mutating func bridge(_ message: PeerMessage, of epoch: Epoch, _ frame: [UInt8], from peer: PeerID) {
    guard epoch < context.epoch else { return bridgeAhead(message, of: epoch, frame, from: peer) }
    // Certificates need no answer: whoever is behind also reports its status.
    if case .certificate = message { return }
    guard let closing = chain.closings[epoch], peers.mayBridge(peer, ended: epoch, context) else { return }
    context.send(.certificate(closing.certificate), to: .peer(peer))
  }

  private mutating func bridgeAhead(
    _ message: PeerMessage, of epoch: Epoch, _ frame: [UInt8], from peer: PeerID
  ) {
    // A node that executes what leads to that epoch cannot use it before, and its peers are not to blame for that.
    if blockSync.isCatchingUp || isEpochOver { context.isUseful = true }
    if epoch.rawValue == context.epoch.rawValue + 1 {
      switch message {
      case .proposal: shelf.put(frame, isProposal: true, from: peer)
      case .vote: shelf.put(frame, isProposal: false, from: peer)
      default: break
      }
    }
    guard peers.mayBridge(peer, context) else { return }
    peers.sendStatus(to: .peer(peer), consensus, chain.committed.height, &context)
  }

  // MARK: Closings

  /// Stops if the checkpoint's epoch was opened by another result. It says nothing until that result is known.
  mutating func requireCheckpoint() {
    guard let checkpoint = context.configuration.checkpoint, !isCheckpointMet,
      let closing = chain.closings.leading(to: checkpoint.epoch)
    else { return }
    let own = closing.result.digest(hash: &context.hash)
    isCheckpointMet = own == checkpoint.result
    if !isCheckpointMet { stop(.otherThanCheckpoint(checkpoint, own: own)) }
  }

  /// Fetches closings of ended epochs that this node does not have.
  mutating func wantLostClosings() {
    guard chain.closings.firstMissing(before: context.epoch) != nil else { return }
    closingSync.want(before: context.epoch, from: nil, context)
  }

  mutating func receive(_ closings: Closings, from peer: PeerID) {
    closingSync.receive(closings, from: peer, chain.closings, &context)
  }

  mutating func finish(_ closings: Closings, _ allHold: Bool, from peer: PeerID) {
    guard closingSync.finish(allHold, from: peer, &context) else { return }
    for closing in closings.list { chain.closings.note(closing) }
    context.effects.closings += closings.list
    // That of the running epoch shows what is final in it.
    if let own = chain.closings[context.epoch] { feed(.certificate(own.certificate)) }
    stateSync.askAgain()
  }

  /// The closings from an epoch on, as many as fit into one answer; nil if there is none.
  func closings(from epoch: Epoch) -> Closings? {
    var answer = Closings(first: epoch)
    var bytes = 0
    while answer.list.count < Limits.syncClosings, let closing = chain.closings[answer.epoch] {
      bytes += closing.byteCount
      guard answer.list.isEmpty || bytes <= Limits.syncClosingBytes else { break }
      answer.list.append(closing)
    }
    return answer.list.isEmpty ? nil : answer
  }
}

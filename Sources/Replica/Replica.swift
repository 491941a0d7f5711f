internal import Consensus
internal import Cryptography
internal import Ledger
package import Primitives

/// One validator: consensus, ledger, mempool and block sync as a single step function.
///
/// `step` is synchronous, total and deterministic. It reads no clock and does no I/O: records to append,
/// frames to send, signatures to check and blocks that became final are returned as effects, and their answers
/// come back as inputs. Whatever must not leave before a record is on disk is stamped with that record's
/// log position; the shell's one choke point holds it back (protocol rule "persist, then send").
package struct Replica: ~Copyable {
  let configuration: ReplicaConfiguration
  let signer: (any VoteSigner)?
  var hash: HashFunction
  var consensus: Consensus
  var chain: Chain
  var mempool: Mempool

  // MARK: The log
  /// Position of the last record handed to the shell, and of the last one known to be on disk.
  var appended: LogPosition
  var durable: LogPosition
  /// Own votes that count once their record is durable, in log order.
  var undurableVotes: [(position: LogPosition, vote: Vote)] = []
  /// Position of the last own vote's record: repeated votes wait for it as well.
  var lastVotePosition: LogPosition

  // MARK: Work given out
  var lastTicket: UInt64 = 0
  var work: [Ticket: PendingWork] = [:]
  /// How many tickets each peer's messages caused that are not answered yet.
  var checking: [PeerID: Int] = [:]
  var shelf = VerificationBacklog()
  /// Transactions, and their bytes, whose signatures are being checked: they count as if they were in the pool.
  var incomingCount = 0
  var incomingBytes = 0
  /// Transactions whose signatures are being checked: the bytes, and who waits for them.
  var verifying: [Digest: PendingTransaction] = [:]
  /// Views of which the leader's block was taken: one for each, the others are asked for if they matter.
  var proposed: [View: Digest] = [:]

  // MARK: What the consensus waits for
  var building: PendingBuild?
  var checks: [View: PendingCheck] = [:]
  var certifications: [View: PendingCertification] = [:]
  var wanted: [Digest: WantedBlock] = [:]
  var queue: [ConsensusInput] = []
  var isRunning = false
  var consensusEffects: [ConsensusEffect] = []
  var performing: [ConsensusEffect] = []
  var hadWork = false

  // MARK: Peers and catching up
  var connected: Set<PeerID> = []
  var statuses: [PeerID: PeerStatus] = [:]
  var sync = BlockSync()
  var join = SnapshotJoin()
  /// Votes of an earlier directory may exist: this node learns where the others stand before it votes.
  package internal(set) var isListening: Bool
  private var isListeningReported = false
  /// The end of an earlier listening, to be told to the consensus with the first step.
  var restoredBar: View?
  package private(set) var stopped: StopReason?
  var nextStatus: Tick
  var nextOffer: Tick

  /// A replica that stands where its log ended.
  package init(
    configuration: ReplicaConfiguration, restored: consuming Restoration, signer: (any VoteSigner)?, now: Now
  ) {
    self.configuration = configuration
    self.signer = signer
    hash = HashFunction(configuration.chain.suite)
    let memory = restored.consensusMemory
    consensus = Consensus(
      ConsensusConfiguration(
        validators: configuration.validators, own: configuration.own, genesisBlock: restored.genesisBlock,
        deltaMicroseconds: configuration.delta,
        maximumDeltaMicroseconds: configuration.maximumDelta, retryMicroseconds: configuration.retryInterval,
        silenceMicroseconds: configuration.silenceLimit),
      restored: memory, now: now.tick)
    mempool = Mempool(bounds: configuration.pool)
    appended = restored.position
    durable = restored.position
    lastVotePosition = restored.position
    isListening = restored.mustListen && configuration.own != nil
    // A bar from before the damage is none any more.
    restoredBar = isListening ? nil : restored.votingBar
    sync.target = restored.unmetFinalization
    nextStatus = now.tick
    nextOffer = now.tick.advanced(byMicroseconds: configuration.offerInterval)
    chain = restored.intoChain()
    chain.snapshotInterval = configuration.snapshotInterval
  }

  // MARK: The step

  package mutating func step(_ input: ReplicaInput, now: Now, effects: inout ReplicaEffects) {
    if isListening, !isListeningReported {
      isListeningReported = true
      effects.notices.append(.listening)
    }
    if let bar = restoredBar {
      restoredBar = nil
      feed(.allowVoting(above: Round(epoch: configuration.validators.epoch, view: bar)), now, &effects)
    }
    switch input {
    case .frame(let peer, let bytes): receive(bytes, from: peer, now, &effects)
    case .submit(let submissions): submit(submissions, now, &effects)
    case .verified(let ticket, let results): finish(ticket, results, now, &effects)
    case .durable(let position): advanceDurable(to: position, now, &effects)
    case .logFailed(let reason): stop(.logFailed(reason), now, &effects)
    case .resumeSnapshot(let manifest, let chunks):
      takeManifest(manifest, chunks: chunks, from: nil, now, &effects)
    case .snapshotFailed(let height): join.fail(height)
    case .connected(let peer): connect(peer, now, &effects)
    case .disconnected(let peer): disconnect(peer, now, &effects)
    case .tick: break
    }
    passTime(now, &effects)
    pump(now, &effects)
  }

  /// When `tick` is wanted next.
  package var nextDeadline: Tick? {
    var deadline = consensus.nextDeadline
    func consider(_ tick: Tick) { deadline = min(deadline ?? tick, tick) }
    if configuration.peers.count > 1 { consider(nextStatus) }
    if mempool.count > 0 { consider(nextOffer) }
    // A stopped replica fetches nothing: a deadline that nothing moves on would never let the shell sleep.
    guard stopped == nil else { return deadline }
    if let retry = join.isUnderWay ? join.nextDeadline : sync.nextDeadline { consider(retry) }
    for want in wanted.values { consider(want.nextAsk) }
    if let tick = building?.notBefore { consider(tick) }
    return deadline
  }

  /// Appends a record and returns its position, for stamps.
  @discardableResult
  mutating func append(_ record: PendingRecord, _ effects: inout ReplicaEffects) -> LogPosition {
    appended = LogPosition(appended.rawValue + 1)
    effects.records.append(record)
    return appended
  }

  func send(
    _ message: PeerMessage, to audience: Audience, after position: LogPosition = .start,
    _ effects: inout ReplicaEffects
  ) {
    guard configuration.peers.count > 1 || configuration.own == nil else { return }
    effects.sends.append(Send(to: audience, frame: message.encoded(), after: position))
  }

  mutating func stop(_ reason: StopReason, _ now: Now, _ effects: inout ReplicaEffects) {
    guard stopped == nil else { return }
    stopped = reason
    effects.notices.append(.stoppedVoting(reason))
    feed(.stopVoting, now, &effects)
  }

  /// The log is durable up to `position`: own votes recorded there count now.
  private mutating func advanceDurable(to position: LogPosition, _ now: Now, _ effects: inout ReplicaEffects) {
    guard position > durable else { return }
    precondition(position <= appended, "durable position \(position) is beyond the last record \(appended)")
    durable = position
    while let first = undurableVotes.first, first.position <= position {
      undurableVotes.removeFirst()
      feed(.vote(first.vote), now, &effects)
    }
  }

  /// Applies what moving the chain changed.
  mutating func apply(_ changes: Chain.Changes, _ now: Now, _ effects: inout ReplicaEffects) {
    for record in changes.records { append(record, &effects) }
    for id in changes.excluded { mempool.setIncluded(id, false) }
    for id in changes.included { mempool.setIncluded(id, true) }
    for commit in changes.commits {
      for id in commit.block.ids { mempool.remove(id) }
      effects.commits.append(commit)
    }
    reportWork(now, &effects)
  }

  /// Tells the consensus whether there is something to propose, when that changes.
  mutating func reportWork(_ now: Now, _ effects: inout ReplicaEffects) {
    let hasWork = mempool.waiting > 0
    guard hasWork != hadWork else { return }
    hadWork = hasWork
    feed(.work(hasWork), now, &effects)
  }

  private mutating func passTime(_ now: Now, _ effects: inout ReplicaEffects) {
    // A tick moves the consensus only when a deadline of it is due.
    if let deadline = consensus.nextDeadline, deadline <= now.tick { feed(.tick, now, &effects) }
    if nextStatus <= now.tick {
      nextStatus = now.tick.advanced(byMicroseconds: configuration.statusInterval)
      sendStatus(to: .all, &effects)
    }
    if mempool.count > 0, nextOffer <= now.tick {
      nextOffer = now.tick.advanced(byMicroseconds: configuration.offerInterval)
      offerAgain(now, &effects)
    }
  }

  /// Up to where the shell said the log is durable: the outbox goes by it.
  package var durablePosition: LogPosition { durable }

  /// For tests and simulations: everything that must hold between steps.
  package func checkInvariants() {
    consensus.checkInvariants()
    chain.checkInvariants()
    mempool.checkInvariants()
    precondition(durable <= appended, "durable \(durable) is beyond appended \(appended)")
  }
}

internal import Consensus
internal import Ledger
package import Primitives

/// One validator: consensus, ledger and everything between them, as a single step function.
///
/// `step` is synchronous, total and deterministic. It reads no clock and does no I/O: records to append, frames to
/// send, signatures to verify and blocks that became final are returned as effects, and the answers come back as
/// inputs. Whatever must not be sent before a record is durable is stamped with that record's log position; a single
/// choke point in the shell holds it back (protocol rule "persist, then send").
///
/// It is composed of machines, each with its own task and state. No machine holds another; if one needs another, it
/// borrows it for the call. The replica gives each input to the machine responsible for it and passes on the result.
/// The machines add effects for the shell to the step's context.
package struct Replica: ~Copyable {
  var context: StepContext

  var consensus: Consensus
  var chain: Chain
  var admission: Admission
  var proposals = Proposals()
  var votes: Votes
  var peers: Peers
  var blockSync: BlockSync
  var stateSync = StateSync()
  var closingSync = ClosingSync()
  var shelf = EpochShelf()
  /// The version of the rules of the running epoch.
  var rules: UInt16
  /// Whether the checkpoint's epoch was opened as the checkpoint says.
  var isCheckpointMet = false
  var rejoin: Rejoin
  /// Keys whose records are not durable yet, in log order.
  var unrecordedKeys: [(position: LogPosition, key: PublicKey)] = []
  /// The edition of the directory that the links follow; nil if the state was replaced, which begins to count anew.
  var followed: UInt64?
  package internal(set) var stopped: StopReason?

  // MARK: Between the consensus and the rest
  var queue: [ConsensusInput] = []
  var isFeeding = false
  var consensusEffects: [ConsensusEffect] = []
  var performing: [ConsensusEffect] = []

  /// Creates a replica that continues where its log ended.
  package init(
    configuration: ReplicaConfiguration, restored: consuming Restoration, signer: (any VoteSigner)?, now: Now
  ) {
    var configuration = configuration
    if restored.validators.epoch > .first {
      configuration.begin(
        restored.validators, leaderTimeoutMilliseconds: restored.configuration.leaderTimeoutMilliseconds)
    }
    context = StepContext(configuration: configuration, position: restored.position, now: now)
    consensus = Self.consensus(
      configuration, opening: restored.openingBlock, by: restored.openingCertificate,
      restored: restored.consensusMemory, now: now)
    admission = Admission(
      bounds: configuration.pool, nextOffer: now.tick.advanced(byMicroseconds: configuration.offerInterval),
      now: now.tick)
    votes = Votes(signer: signer)
    peers = Peers(nextStatus: now.tick)
    blockSync = BlockSync(target: restored.unmetFinalization)
    rejoin = Rejoin(restored.votingMemory, configuration)
    rules = restored.configuration.rulesVersion
    chain = restored.intoChain()
    chain.pinsSnapshots = true
    chain.reportsRows = configuration.reportsRows
    listNodes()
    wantLostClosings()
  }

  // MARK: The step

  /// Processes one input and adds what the shell must do to `effects`.
  package mutating func step(_ input: ReplicaInput, now: Now, effects: inout ReplicaEffects) {
    begin(now, &effects)
    requireKnownRules()
    requireOnePlace()
    requireCheckpoint()
    rejoin.begin(&context)
    switch input {
    case .frame(let peer, let bytes): receive(bytes, from: peer)
    case .waste(let peer, let bytes): peers.charge(bytes, to: peer, &context)
    case .submit(let submissions): admission.submit(submissions, chain, stopped: stopped, &context)
    case .verified(let ticket, let results): finish(ticket, results)
    case .durable(let position): advanceDurable(to: position)
    case .logFailed(let reason): stop(.logFailed(reason))
    case .resumeSnapshot(let manifest, let chunks):
      stateSync.resume(manifest: manifest, chunks: chunks, chain, &context)
    case .snapshotFailed: stateSync.fail()
    case .connected(let peer): connect(peer)
    case .disconnected(let peer): disconnect(peer)
    case .keyReported(let peer):
      if let validators = peers.reportKey(peer, &context) { stop(.ownKeyReported(validators: validators)) }
    case .newKey(let key): take(newKey: key)
    case .droppedKey(let key): context.drop(key)
    case .signed(let request, let answer): take(answer, to: request)
    case .signerAway(let refusal): votes.own.signerIsAway(refusal, &context)
    case .signerBack: signerIsBack()
    case .repaired(let meaning): recordKeysAgain(meaning)
    case .tick: break
    }
    passTime()
    goOn()
    stateSync.reportEnd(&context)
    end(&effects)
  }

  /// Lets the context hold the shell's effects during a step, so that the step adds to them.
  mutating func begin(_ now: Now, _ effects: inout ReplicaEffects) {
    swap(&context.effects, &effects)
    context.now = now
  }

  mutating func end(_ effects: inout ReplicaEffects) { swap(&context.effects, &effects) }

  /// The next time at which a `tick` is needed.
  package var nextDeadline: Tick? {
    var deadline = consensus.nextDeadline
    func consider(_ tick: Tick?) {
      if let tick { deadline = min(deadline ?? tick, tick) }
    }
    consider(peers.nextDeadline(context.configuration))
    consider(admission.nextDeadline)
    consider(returnDeadline)
    // A replica that stopped, or whose log is behind, fetches nothing: a deadline that never moves would keep the shell
    // from sleeping.
    guard stopped == nil, !context.isLogBehind else { return deadline }
    if blockSync.isCatchingUp { consider(stateSync.nextDeadline(context.configuration)) }
    consider(blockSync.rangeDeadline)
    consider(blockSync.wantedDeadline)
    consider(closingSync.deadline)
    consider(proposals.nextDeadline)
    return deadline
  }

  /// When a hold must be returned, if the clock stands between; measured from the last step.
  private var returnDeadline: Tick? {
    guard let time = chain.returnTime, time > context.now.wall else { return nil }
    return context.tick(in: (time.rawValue - context.now.wall.rawValue) &* 1000)
  }

  mutating func stop(_ reason: StopReason) {
    guard stopped == nil else { return }
    stopped = reason
    context.notice(.stoppedVoting(reason))
    feed(.stopVoting)
  }

  /// Stops if this program does not know the rules of the epoch (protocol rule R42).
  mutating func requireKnownRules() {
    if !LedgerState.knownRules.contains(rules) {
      stop(.rulesUnknown(rules, newest: LedgerState.knownRules.upperBound))
    }
  }

  /// Notes that the log is durable up to `position`: own votes recorded up to there now count.
  private mutating func advanceDurable(to position: LogPosition) {
    guard context.advanceDurable(to: position) else { return }
    votes.own.advanceDurable(&context)
    countOwnVotes()
    reportRecordedKeys(upTo: position)
  }

  /// Counts the own votes that are signed and durable.
  mutating func countOwnVotes() {
    while let vote = votes.own.nextCounting(upTo: context.durable) { feed(.vote(vote)) }
  }

  private mutating func passTime() {
    // A tick is passed to the consensus only when one of its deadlines is due.
    if let deadline = consensus.nextDeadline, deadline <= context.now.tick { feed(.tick) }
    if peers.isStatusDue(context.now.tick) { peers.sendDueStatus(consensus, chain.committed.height, &context) }
    admission.offerAgain(chain, &context)
    reportWork()
  }

  /// Applies the changes that result from moving the chain.
  mutating func apply(_ changes: Chain.Changes) {
    for record in changes.records { context.append(record) }
    for commit in changes.commits { rejoin.committed(commit) }
    admission.apply(changes, chain, &context)
    context.effects.commits.append(contentsOf: changes.commits)
    if !changes.commits.isEmpty { followDirectory() }
    reportWork()
  }

  /// Tells the consensus whether there is something to propose, if that has changed.
  mutating func reportWork() {
    let isReturnDue = chain.returnTime.map { $0 <= context.now.wall } ?? false
    if let hasWork = admission.workChange(isReturnDue: isReturnDue) { feed(.work(hasWork)) }
  }

  /// For tests and simulations: checks everything that must hold between steps.
  package func checkInvariants() {
    consensus.checkInvariants()
    chain.checkInvariants()
    admission.checkInvariants()
    votes.checkInvariants()
    context.checkInvariants()
  }
}

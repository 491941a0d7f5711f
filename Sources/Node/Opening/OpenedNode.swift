internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Signers

/// A node before its start: its state has been rebuilt from its log. It sends and accepts nothing yet.
struct OpenedNode: ~Copyable {
  let settings: NodeSettings
  let genesis: Genesis
  let logger: Logger
  /// The number of messages that the log of messages lacks.
  let droppedMessages: @Sendable () -> Int
  let transport: TransportIdentity
  let keys: VoteKeys
  let signer: GuardedSigner
  let book: PeerBook
  let running: RunningEpoch
  let locks: NodeLocks
  let owner: LogOwner
  let journal: Journal<FileDisk>
  let host: ReplicaHost
  let store: ChainStore
  let snapshots: SnapshotStore<FileDisk>
  let health: HealthMonitor
  /// The state after the last final block, for readers.
  let view: LedgerView
  /// The last final block in the log.
  let restored: ChainPoint

  /// Opens the log and replays it.
  init(
    settings: NodeSettings, genesis: Genesis, identity: consuming NodeIdentity, progress: StartProgress, logger: Logger,
    droppedMessages: @escaping @Sendable () -> Int
  ) throws {
    let chain = genesis.chain
    try WriteTrial.run(settings, logger)
    let begun = Clock.tick()
    let owner = LogOwner.found(
      in: try FileDisk(path: settings.logDirectory), chain: chain.genesis, otherwise: identity.held.current)
    let snapshots = SnapshotStore(try FileDisk(path: settings.snapshotDirectory), chain: chain)
    let reader = LogReader(try FileDisk(path: settings.logDirectory, access: .readOnly), owner: owner)
    var opened = try NodeLog.open(
      in: settings.logDirectory, of: identity.held,
      knowsOthers: (KnownNodesFile(settings).read()?.count ?? 1) > 1, snapshots: snapshots,
      schedule: SnapshotSchedule(interval: settings.snapshotInterval), genesis: genesis,
      threads: settings.verifyThreads, progress: progress, logger: logger)
    try SignerAgreement.reach(identity.store, &opened, progress, logger)
    let restoration = opened.restoration
    let configuration = ReplicaConfiguration(
      settings: settings, genesis: genesis, voteKeys: identity.held.all, ownPin: identity.transport.pin)
    signer = GuardedSigner(identity.store, memory: restoration.voteGuard())

    self.settings = settings
    self.genesis = genesis
    self.logger = logger
    self.droppedMessages = droppedMessages
    transport = identity.transport
    locks = identity.locks
    self.owner = owner
    self.snapshots = snapshots
    restored = restoration.committed
    store = ChainStore(chain: chain, reader: reader, index: opened.index)
    let bar = restoration.mustListen ? nil : restoration.votingBar?.round
    let openBar = bar.flatMap { restoration.finalizedRound <= $0 ? $0 : nil }
    let finalizedRound = restoration.finalizedRound
    let replica = Replica(configuration: configuration, restored: restoration, signer: signer, now: Clock.now())
    running = replica.runningEpoch
    health = HealthMonitor(running, height: restored.height)
    keys = VoteKeys(
      identity.store, identity.held, running,
      isOpened: finalizedRound > Round(epoch: running.epoch, view: .genesis), logger: logger)
    book = PeerBook(replica.knownPeers, ownPin: identity.transport.pin, settings: settings, logger: logger)
    let (lacksKey, tick) = (book.lacksVoteKey(running), Clock.tick())
    health.note { diagnosis in
      diagnosis.lackVoteKey(lacksKey, tick)
      if let openBar { diagnosis.awaitFinality(above: openBar, tick) }
    }
    view = replica.withLedger { LedgerView(of: $0) }
    host = ReplicaHost(replica)
    journal = opened.journal
    book.remember()
    let milliseconds = Clock.tick().microseconds(since: begun) / 1000
    logger.notice("read the log up to height \(restored.height) in \(milliseconds) ms")
  }

  /// Refuses the TLS key of another node. Says so if the chain lists neither the vote key nor the TLS key, or another TLS key:
  /// the node may only be behind, and learns by running.
  borrowing func checkPlace() throws(NodeError) {
    let pin = transport.pin
    let owner = book.all.first { $0.node.pins.contains(pin) }
    if let own = book.all.first(where: { $0.isOwn }) {
      if owner?.id == own.id { return }
      let fault = NodeError.wrongTransportKey(own: pin, listed: own.node.pins[0])
      guard owner == nil else { throw fault }
      return logger.error(
        "\(fault.explanation), as of height \(restored.height)",
        metadata: ["code": "\(fault.code)", "next": "\(fault.nextStep)"])
    }
    guard let owner else {
      return logger.notice(
        "this node's vote key is no validator's in epoch \(running.epoch), and the chain's directory does not list it",
        metadata: ["next": "have the administrators add it: 'roadbed observer add'; its transport key is \(pin)"])
    }
    logger.notice(
      "this node's vote key is no validator's in epoch \(running.epoch): it follows the chain as \(owner.node.name)")
  }
}

extension ReplicaConfiguration {
  fileprivate init(settings: NodeSettings, genesis: Genesis, voteKeys: [PublicKey], ownPin: Digest) {
    self.init(genesis: genesis, chain: genesis.chain, voteKeys: voteKeys)
    pool = Mempool.Bounds(
      transactions: settings.mempoolTransactions, bytes: settings.mempoolBytes,
      memberShare: settings.mempoolMemberShare)
    snapshotGap = settings.snapshotGap > 0 ? settings.snapshotGap : .max
    bootstrap = settings.bootstrapPeers(except: ownPin)
    checkpoint = settings.checkpoint
    reportsRows = true
  }
}

internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica

/// A node before its start: its state has been rebuilt from its log. It sends and accepts nothing yet.
struct OpenedNode: ~Copyable {
  let settings: NodeSettings
  let genesis: Genesis
  let logger: Logger
  let own: ValidatorIndex
  let transport: TransportIdentity
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
    settings: NodeSettings, genesis: Genesis, identity: consuming NodeIdentity, progress: StartProgress, logger: Logger
  ) throws {
    let chain = genesis.chain
    let key = identity.key
    let own = identity.own

    try WriteTrial.run(settings, logger)
    let begun = Clock.tick()
    let owner = LogOwner(chain: chain.genesis, writer: key.publicKey)
    let snapshots = SnapshotStore(try FileDisk(path: settings.snapshotDirectory), chain: chain)
    let reader = LogReader(try FileDisk(path: settings.logDirectory, access: .readOnly), owner: owner)
    let opened = try NodeLog.open(
      in: settings.logDirectory, of: own, snapshots: snapshots,
      schedule: SnapshotSchedule(interval: settings.snapshotInterval), genesis: genesis,
      threads: settings.verifyThreads, progress: progress, logger: logger)
    let restoration = opened.restoration
    let configuration = ReplicaConfiguration(settings: settings, genesis: genesis, voteKey: key.publicKey)
    let signer = GuardedSigner(key: key, chain: chain, memory: restoration.voteGuard())

    self.settings = settings
    self.genesis = genesis
    self.logger = logger
    self.own = own
    transport = identity.transport
    locks = identity.locks
    self.owner = owner
    self.snapshots = snapshots
    restored = restoration.committed
    store = ChainStore(chain: chain, reader: reader, index: opened.index)
    let bar = restoration.mustListen ? nil : restoration.votingBar?.round
    let openBar = bar.flatMap { restoration.finalizedRound <= $0 ? $0 : nil }
    let replica = Replica(configuration: configuration, restored: restoration, signer: signer, now: Clock.now())
    health = HealthMonitor(
      QuorumWatch.Chain(
        validators: genesis.validators.map { "\($0.name)" }, own: own, longestTimeout: replica.longestTimeout),
      height: restored.height)
    if let openBar { health.awaitFinality(above: openBar) }
    view = replica.withLedger { LedgerView(of: $0) }
    host = ReplicaHost(replica)
    journal = opened.journal
    let milliseconds = Clock.tick().microseconds(since: begun) / 1000
    logger.notice("read the log up to height \(restored.height) in \(milliseconds) ms")
  }
}

extension ReplicaConfiguration {
  /// The configuration of the replica of a validator in genesis.
  fileprivate init(settings: NodeSettings, genesis: Genesis, voteKey: PublicKey) {
    let validators = genesis.validatorSet
    self.init(
      genesis: genesis, chain: genesis.chain, validators: validators, peers: PeerDirectory(validators),
      voteKey: voteKey)
    pool = Mempool.Bounds(
      transactions: settings.mempoolTransactions, bytes: settings.mempoolBytes,
      memberShare: settings.mempoolMemberShare)
    snapshotGap = settings.snapshotGap > 0 ? settings.snapshotGap : .max
    reportsRows = true
  }
}

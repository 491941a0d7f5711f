internal import BlockLog
internal import Cryptography
package import Ledger
package import Logging
internal import NodeCore
internal import Primitives
internal import Replica

/// A node before its start: its keys have been read, its folder is locked, and its state has been rebuilt from its log.
/// It sends and accepts nothing yet.
package struct OpenedNode: ~Copyable {
  let settings: NodeSettings
  let genesis: Genesis
  let logger: Logger
  let own: ValidatorIndex
  let transport: TransportIdentity
  let owner: LogOwner
  let locks: NodeLocks
  let journal: Journal<FileDisk>
  let host: ReplicaHost
  let store: ChainStore
  let snapshots: SnapshotStore<FileDisk>
  let health: HealthMonitor
  /// The state after the last final block, for readers.
  let view: LedgerView
  /// The last final block in the log.
  let restored: ChainPoint

  /// Reads the keys, locks the folder, opens the log and replays it.
  package init(settings: NodeSettings, genesis: Genesis, logger: Logger) throws {
    try genesis.requireCurrentVersion()
    let chain = genesis.chain
    let locks = try NodeLocks(settings)
    let key = try KeyFile.read(
      settings.voteKeyFile, suite: genesis.suite, passphrase: settings.votePassphrase?.bytes)
    guard let place = genesis.validators.firstIndex(where: { $0.voteKey == key.publicKey }) else {
      throw NodeError.notAValidator(publicKey: key.publicKey, genesis: settings.genesisFile)
    }
    let own = ValidatorIndex(UInt16(place))
    let transport = try TransportIdentity.read(
      certificate: settings.transportCertificateFile, key: settings.transportKeyFile)
    guard transport.pin == genesis.validators[place].transportKey else {
      throw NodeError.wrongTransportKey(own: transport.pin, listed: genesis.validators[place].transportKey)
    }

    try WriteTrial.run(settings, logger)
    let begun = Clock.tick()
    let owner = LogOwner(chain: chain.genesis, writer: key.publicKey)
    let snapshots = SnapshotStore(try FileDisk(path: settings.snapshotDirectory), chain: chain)
    let reader = LogReader(try FileDisk(path: settings.logDirectory, access: .readOnly), owner: owner)
    let opened = try NodeLog.open(
      in: settings.logDirectory, of: own, snapshots: snapshots,
      schedule: SnapshotSchedule(interval: settings.snapshotInterval), genesis: genesis,
      threads: settings.verifyThreads, logger: logger)
    let restoration = opened.restoration
    let configuration = ReplicaConfiguration(settings: settings, genesis: genesis, voteKey: key.publicKey)
    let signer = GuardedSigner(
      key: key, chain: chain, memory: restoration.voteGuard(epoch: configuration.validators.epoch))

    self.settings = settings
    self.genesis = genesis
    self.logger = logger
    self.own = own
    self.transport = transport
    self.owner = owner
    self.locks = locks
    self.snapshots = snapshots
    restored = restoration.committed
    store = ChainStore(chain: chain, reader: reader, index: opened.index)
    health = HealthMonitor(
      QuorumWatch.Chain(
        validators: genesis.validators.map { "\($0.name)" }, own: own, longestTimeout: configuration.maximumDelta),
      height: restored.height)
    if !restoration.mustListen, let bar = restoration.votingBar, restoration.finalizedRound <= bar {
      health.awaitFinality(above: bar)
    }
    let replica = Replica(configuration: configuration, restored: restoration, signer: signer, now: Clock.now())
    view = replica.withLedger { LedgerView(of: $0) }
    host = ReplicaHost(replica)
    journal = opened.journal
    let milliseconds = Clock.tick().microseconds(since: begun) / 1000
    logger.notice("read the log up to height \(restored.height) in \(milliseconds) ms")
  }

  /// Starts the node's threads and links.
  package consuming func start() async throws -> RoadbedNode { try await RoadbedNode(self) }
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

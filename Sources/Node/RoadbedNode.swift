internal import BlockLog
internal import CoreMetrics
internal import Cryptography
package import Ledger
package import Logging
internal import NodeCore
internal import PeerNetwork
package import Primitives
package import QueryIndex
internal import Replica
internal import ServiceLifecycle
internal import Synchronization

/// One running node: the shell around the replica.
///
/// One thread owns the replica, one the log, a few check signatures, one follows the chain for the query index, and
/// the event loops carry frames. They meet in bounded queues (`Mailbox`).
package final class RoadbedNode: Service {
  package let settings: NodeSettings
  package let genesis: Genesis
  package let chain: ChainContext
  /// The validator this node is.
  package let validator: GenesisValidator
  package let own: ValidatorIndex
  /// Whom it may have links with.
  let peers: PeerDirectory
  private let owner: LogOwner
  /// The committed chain as the log holds it.
  package let store: ChainStore
  let logger: Logger
  let loop: ReplicaLoop
  let finality = FinalityWaiters()
  let submissions = PendingSubmissions()
  let health: HealthMonitor
  let counters: NodeCounters
  /// Nil if the node keeps none, by its settings or because it failed to open.
  package let queryIndex: QueryIndex?
  private let indexFailure: QueryIndexError?
  /// How far the chain was when this process began.
  let restoredHeight: Height
  /// The last block that the store can serve. The replica may be ahead of the disk.
  private let servedPoint: Mutex<ChainPoint>
  private let indexing = Mutex<IndexThread?>(nil)
  private let disk = LogThread()
  private let pruning: HistoryPruning
  let syncServer: SyncServer
  let snapshots: SnapshotThread
  let fetcher = Mutex<FinalFetcher?>(nil)
  private let proofs = Mutex<ProofFetcher?>(nil)
  private let scrub = Mutex<ScrubThread?>(nil)
  private let host: Handover<ReplicaHost>
  private let log: Handover<Journal<FileDisk>>
  private let locks: Handover<NodeLocks>
  private let transport: TransportIdentity
  private let network = Mutex<PeerNetwork?>(nil)
  private let saidStopping = Atomic(false)
  let started = Clock.tick()

  /// Reads keys and genesis, locks the directory, opens the log and rebuilds the state from it. Sends and
  /// accepts nothing yet.
  package init(settings: NodeSettings, genesis: Genesis, logger: Logger) throws {
    try genesis.requireCurrentVersion()
    self.settings = settings
    self.genesis = genesis
    self.logger = logger
    chain = genesis.chain
    loop = ReplicaLoop(suite: genesis.suite)
    let locks = try NodeLocks(settings)
    let key = try KeyFile.read(
      settings.voteKeyFile, suite: genesis.suite, passphrase: settings.votePassphrase?.bytes)
    guard let place = genesis.validators.firstIndex(where: { $0.voteKey == key.publicKey }) else {
      throw NodeError.notAValidator(publicKey: key.publicKey, genesis: settings.genesisFile)
    }
    own = ValidatorIndex(UInt16(place))
    validator = genesis.validators[place]
    transport = try TransportIdentity.read(
      certificate: settings.transportCertificateFile, key: settings.transportKeyFile)
    guard transport.pin == validator.transportKey else {
      throw NodeError.wrongTransportKey(own: transport.pin, listed: validator.transportKey)
    }

    try WriteTrial.run(settings, logger)
    let begun = Clock.tick()
    owner = LogOwner(chain: chain.genesis, writer: key.publicKey)
    let shelf = SnapshotStore(try FileDisk(path: settings.snapshotDirectory), chain: chain)
    let opened = try NodeLog.open(
      in: settings.logDirectory, of: own, snapshots: shelf, genesis: genesis, threads: settings.verifyThreads,
      logger: logger)
    let restoration = opened.restoration
    let height = restoration.committed.height
    restoredHeight = height
    servedPoint = Mutex(restoration.committed)
    let validators = genesis.validatorSet
    peers = PeerDirectory(validators)
    var configuration = ReplicaConfiguration(
      genesis: genesis, chain: chain, validators: validators, peers: peers, voteKey: key.publicKey)
    health = HealthMonitor(
      QuorumWatch.Chain(
        validators: genesis.validators.map { "\($0.name)" }, own: own, longestTimeout: configuration.maximumDelta),
      height: height)
    if !restoration.mustListen, let bar = restoration.votingBar, restoration.finalizedRound <= bar {
      health.awaitFinality(above: bar)
    }
    store = ChainStore(
      chain: chain,
      reader: LogReader(try FileDisk(path: settings.logDirectory, access: .readOnly), owner: owner),
      index: opened.index)
    let signer = GuardedSigner(
      key: key, chain: chain, memory: restoration.voteGuard(epoch: configuration.validators.epoch))
    configuration.pool = Mempool.Bounds(
      transactions: settings.mempoolTransactions, bytes: settings.mempoolBytes,
      memberShare: settings.mempoolMemberShare)
    configuration.snapshotInterval = settings.snapshotInterval
    configuration.snapshotGap = settings.snapshotGap > 0 ? settings.snapshotGap : .max
    host = Handover(
      ReplicaHost(
        Replica(configuration: configuration, restored: restoration, signer: signer, now: Clock.now())))
    log = Handover(opened.journal)
    self.locks = Handover(locks)
    counters = NodeCounters()
    counters.height.record(Double(height.rawValue))
    pruning = HistoryPruning(settings: settings, owner: owner, store: store, disk: disk, logger: logger)
    syncServer = SyncServer(store: store, snapshots: shelf, logger: logger)
    snapshots = SnapshotThread(
      shelf, store: store, genesis: genesis, settings: settings, counters: counters, logger: logger)
    (queryIndex, indexFailure) = Self.openIndex(settings, chain, logger)
    let milliseconds = Clock.tick().microseconds(since: begun) / 1000
    logger.notice("read the log up to height \(height) in \(milliseconds) ms")
  }

  // MARK: Life

  /// Runs until the service group shuts down gracefully, then writes everything out and returns.
  package func run() async throws {
    startThreads()
    do {
      try await startNetwork()
    } catch {
      await stop()
      throw error
    }
    try? await gracefulShutdown()
    await stop()
    if let failure = disk.failure { throw NodeError.log(failure) }
  }

  private func startThreads() {
    health.begin(Clock.tick())
    disk.start(
      log.take(), store: store, report: { [weak self] in self?.handle($0) },
      failed: { [loop, logger] error in
        logger.critical("the log failed: \(error.explanation)", metadata: ["next": "\(error.nextStep)"])
        loop.post(.logFailed(error.explanation))
      })
    let pool = VerifyPool(suite: genesis.suite, threads: settings.verifyThreads) { [loop] ticket, results in
      loop.post(.verified(ticket, results))
    }
    syncServer.start { [weak self] frame, peer in self?.send([frame], to: peer) }
    startSnapshots()
    startScrub()
    startIndexing()
    let shell = NodeThreads(
      disk: disk, pool: pool, syncServer: syncServer, snapshots: snapshots, submissions: submissions, health: health,
      node: self)
    let thread = WorkerThread("replica") { [host, loop] in
      var host = host.take()
      loop.run(&host, shell)
    }
    threads.withLock { $0 = Threads(replica: thread, pool: pool) }
  }

  private func startSnapshots() {
    snapshots.start(
      SnapshotThread.Handlers(
        copied: { [disk] height in disk.put(.barrier(height)) },
        made: { [pruning] height in pruning.begin(below: height) },
        loaded: { [weak self, loop] state, point in
          self?.advanceServed(to: point)
          loop.install(state)
        },
        failed: { [loop] height in loop.post(.snapshotFailed(height)) }))
    do throws(SnapshotFault) {
      guard let found = try snapshots.interrupted() else { return }
      // The blocks were faster.
      guard found.manifest.height > restoredHeight else { return snapshots.put(.overtaken) }
      loop.post(.resumeSnapshot(manifest: found.manifestBytes, chunks: found.chunks))
    } catch {
      logger.warning("the snapshot that was being fetched is lost: \(error.explanation)")
    }
  }

  /// A sole validator has nobody to repair its log with.
  private func startScrub() {
    guard genesis.validators.count > 1 else { return }
    let fetcher = FinalFetcher(
      genesis: genesis, logger: logger,
      send: { [weak self] frame, peer in self?.send([frame], to: peer) },
      blame: { [weak self] peer, reason in self?.disconnect(peer, because: reason) })
    self.fetcher.withLock { $0 = fetcher }
    let proofs = ProofFetcher(
      genesis: genesis, send: { [weak self] frame, peer in self?.send([frame], to: peer) },
      blame: { [weak self] peer, reason in self?.disconnect(peer, because: reason) })
    self.proofs.withLock { $0 = proofs }
    let thread = ScrubThread(
      settings: settings, owner: owner, store: store, disk: disk, fetcher: fetcher, counters: counters,
      logger: logger)
    thread.start()
    scrub.withLock { $0 = thread }
  }

  /// What the log did. Called on its thread.
  private func handle(_ event: JournalEvent) {
    switch event {
    case .durable(let position): loop.post(.durable(position))
    case .stored(let commits): publish(commits)
    case .reached(let height): snapshots.put(.durable(height))
    case .unprepared(let error):
      logger.warning(
        "the log's next segment cannot be prepared: \(error.explanation)", metadata: ["next": "\(error.nextStep)"])
    case .retiring(let retired): pruning.archive(retired)
    case .pruned(let retired): pruning.pruned(retired)
    case .pruneFailed(let error): pruning.complain(error)
    case .repaired(let stretch, let records): scrub.withLock { $0 }?.repaired(stretch, records: records)
    case .repairFailed(let stretch, let error): scrub.withLock { $0 }?.failed(stretch, error)
    }
  }

  /// A node without its index is still a validator: a failure is told, not fatal.
  private static func openIndex(
    _ settings: NodeSettings, _ chain: ChainContext, _ logger: Logger
  ) -> (QueryIndex?, QueryIndexError?) {
    guard settings.isIndexEnabled else { return (nil, nil) }
    do throws(QueryIndexError) {
      return (try QueryIndex(path: settings.indexFile, chain: chain), nil)
    } catch {
      logger.error(
        "no query index: \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
      return (nil, error)
    }
  }

  private func startIndexing() {
    guard let queryIndex else { return }
    let thread = IndexThread(
      index: queryIndex,
      source: { [store] height in
        try store.block(at: height).map { IndexedBlock(block: $0.block, outcomes: $0.execution.outcomes) }
      },
      base: { [store] in store.base },
      notice: { [logger] notice in
        switch notice {
        case .jumped(let from, let to):
          logger.notice("the query index continues above height \(to); it lacks the blocks above \(from) up to there")
        case .startedAgain(let reason): logger.notice("rebuilding the query index: \(reason)")
        case .stopped(let error):
          logger.error(
            "the query index stopped: \(error.explanation)",
            metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      })
    thread.follow(store.height)
    indexing.withLock { $0 = thread }
  }

  /// What is wrong with the index, for health.
  package var indexComplaint: QueryIndexError? { indexFailure ?? indexing.withLock { $0 }?.failure }

  /// Nil for a sole validator.
  var proofFetcher: ProofFetcher? { proofs.withLock { $0 } }

  func hurryIndex(to height: Height) { indexing.withLock { $0 }?.hurry(to: height) }

  private struct Threads: Sendable {
    var replica: WorkerThread
    var pool: VerifyPool
  }

  private let threads = Mutex<Threads?>(nil)

  /// Signatures that were checked since the start; 0 while the node does not run.
  var checkedSignatures: Int { threads.withLock { $0?.pool.checked ?? 0 } }

  /// To be called as soon as the node is asked to stop: says so, and answers everybody who waits for finality. Nobody waits
  /// any more.
  package func prepareToStop() {
    sayStopping()
    finality.close()
  }

  /// Once.
  private func sayStopping() {
    if !saidStopping.exchange(true, ordering: .relaxed) { logger.notice("stopping") }
  }

  /// Stops in the order of the data: nothing new comes in, the replica finishes, the log is written and closed.
  private func stop() async {
    sayStopping()
    submissions.close()
    if let network = network.withLock({ $0.take() }) { await network.stop() }
    loop.close()
    let running = threads.withLock { $0.take() }
    running?.replica.join()
    running?.pool.stop()
    syncServer.stop()
    fetcher.withLock { $0 }?.stop()
    proofFetcher?.close()
    scrub.withLock { $0 }?.stop()
    snapshots.stop()
    disk.stop()
    indexing.withLock { $0.take() }?.stop()
    finality.close()
    _ = locks.take()
    if disk.failure == nil { logger.notice("stopped at height \(store.height); everything is on disk") }
  }

  private func startNetwork() async throws {
    guard genesis.validators.count > 1, let own = peers.peer(own) else { return }
    let configuration = try PeerNetworkConfiguration(
      settings: settings, genesis: genesis, own: own, transport: transport, logger: logger)
    let network = try PeerNetwork(configuration, handler: self)
    // Before it starts: peers that connect at once want an answer.
    self.network.withLock { $0 = network }
    do {
      _ = try await network.start()
    } catch {
      self.network.withLock { $0 = nil }
      throw error
    }
  }

  // MARK: Towards the network

  func send(_ sends: [Send]) {
    guard let network = network.withLock({ $0 }) else { return }
    var all: [[UInt8]] = []
    var single: [PeerID: [[UInt8]]] = [:]
    for send in sends {
      switch send.to {
      case .all: all.append(send.frame)
      case .peer(let peer): single[peer, default: []].append(send.frame)
      }
    }
    if !all.isEmpty { network.broadcast(all) }
    for (peer, frames) in single { network.send(frames, to: peer) }
  }

  private func send(_ frames: [[UInt8]], to peer: PeerID) {
    _ = network.withLock { $0 }?.send(frames, to: peer)
  }

  func resumeReading() { network.withLock { $0 }?.resumeReading() }

  func disconnect(_ peer: PeerID, because reason: String) {
    network.withLock { $0 }?.disconnect(peer, because: reason)
  }

  private func advanceServed(to point: ChainPoint) {
    servedPoint.withLock { if point.height > $0.height { $0 = point } }
  }

  var networkStatistics: PeerNetworkStatistics? { network.withLock { $0 }?.statistics }

  /// Blocks that are final and can be read back. Called on the log's thread.
  private func publish(_ commits: [Commit]) {
    // First: whoever is told that something is final may ask for the height at once.
    if let last = commits.last { advanceServed(to: last.point) }
    for commit in commits {
      finality.publish(commit)
      counters.count(commit)
      if let round = commit.finalization?.round { health.finalized(round) }
    }
    guard let last = commits.last else { return }
    health.finalized(last.height, Clock.tick())
    indexing.withLock { $0 }?.follow(
      commits.map { IndexedBlock(block: $0.block, outcomes: $0.execution.outcomes) })
  }

  /// The last final block as this node can show it.
  package var served: ChainPoint { servedPoint.withLock { $0 } }

  var logStatistics: LogStatistics { disk.statistics }
}

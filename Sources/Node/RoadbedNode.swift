internal import BlockLog
internal import CoreMetrics
package import Ledger
internal import Logging
internal import NodeCore
internal import PeerNetwork
package import Primitives
package import QueryIndex
package import Replica
internal import ServiceLifecycle
internal import Synchronization

/// One running node: the shell around the replica, made by `OpenedNode.start`.
///
/// One thread owns the replica, one a view of its state for readers, one writes the log, a few check signatures, one fills
/// the query index, and event loops carry frames. They communicate through bounded queues (`Mailbox`).
package final class RoadbedNode: Service {
  package let settings: NodeSettings
  package let genesis: Genesis
  /// The height of the chain when this process began.
  let restoredHeight: Height
  /// The committed chain as the log holds it.
  package let store: ChainStore
  let loop: ReplicaLoop
  let reader: LedgerReader
  let finality: FinalityWaiters
  let submissions: PendingSubmissions
  let health: HealthMonitor
  let counters: NodeCounters
  let index: NodeIndex
  let proofFetcher: ProofFetcher
  let links: PeerLinks
  let book: PeerBook
  let keys: VoteKeys
  let disk: LogThread
  let started = Clock.tick()
  let publication: Publication
  private let finalFetcher: FinalFetcher
  private let threads: NodeThreads
  private let locks: Handover<NodeLocks>
  private let logger: Logger
  private let saidStopping = Atomic(false)

  /// Starts the threads and, if there are other validators, the links to them. If the links cannot be started, the node
  /// is stopped before this throws.
  init(_ opened: consuming OpenedNode) async throws {
    try opened.checkPlace()
    let (settings, genesis, logger, store) = (opened.settings, opened.genesis, opened.logger, opened.store)
    let (restored, health, book, keys) = (opened.restored, opened.health, opened.book, opened.keys)
    let counters = NodeCounters()
    let (finality, submissions) = (FinalityWaiters(), PendingSubmissions())
    let holds = SnapshotHolds(opened.snapshots, genesis: genesis, store: store)
    let index = NodeIndex(settings, store: store, holds: holds, logger: logger)
    let reader = LedgerReader()
    let publication = Publication(
      restored, reader: reader, finality: finality, counters: counters, health: health, keys: keys,
      indexing: index.thread)

    // Each of these accepts work before its thread runs.
    let links = PeerLinks()
    let loop = ReplicaLoop(suite: genesis.suite, peers: book.all.count)
    let disk = LogThread()
    let signing = SigningThread()
    let syncServer = SyncServer(store: store, snapshots: opened.snapshots, links: links, logger: logger)
    let snapshots = SnapshotThread(
      opened.snapshots, store: store, genesis: genesis, settings: settings, counters: counters, health: health,
      logger: logger)
    let finalFetcher = FinalFetcher(
      genesis: genesis, closings: { store.closings }, links: links,
      mayHaveAll: { book.mayHaveAll($0) }, logger: logger)
    let proofFetcher = ProofFetcher(genesis: genesis, closings: { store.closings }, links: links)
    let scrub = ScrubThread(
      settings: settings, owner: opened.owner, store: store, disk: disk, fetcher: finalFetcher, counters: counters,
      hasPeers: { book.all.count > 1 }, logger: logger)
    let pruning = HistoryPruning(
      settings: settings, genesis: genesis, owner: opened.owner, store: store, disk: disk, logger: logger)
    let notices = NoticeHandler(
      book: book, keys: keys, lanes: loop.lanes, links: links, health: health, counters: counters, finality: finality,
      snapshots: snapshots, logger: logger)
    let events = JournalEventHandler(
      loop: loop, publication: publication, keys: keys, snapshots: snapshots, pruning: pruning, scrub: scrub,
      logger: logger)

    self.settings = settings
    self.genesis = genesis
    restoredHeight = restored.height
    self.store = store
    self.publication = publication
    self.loop = loop
    self.reader = reader
    self.disk = disk
    self.finality = finality
    self.submissions = submissions
    self.health = health
    self.counters = counters
    self.index = index
    self.finalFetcher = finalFetcher
    self.proofFetcher = proofFetcher
    self.links = links
    self.book = book
    self.keys = keys
    self.logger = logger
    locks = Handover(opened.locks)

    counters.height.record(Double(restored.height.rawValue))
    health.note { [choices = Diagnosis.Choices(settings)] in $0.begin(choices, Clock.tick()) }
    let pool = VerifyPool(suite: genesis.suite, threads: settings.verifyThreads) { ticket, results in
      loop.post(.verified(ticket, results))
    }
    let shell = ThreadShell(
      store: store, disk: disk, signing: signing, pool: pool, syncServer: syncServer, snapshots: snapshots,
      submissions: submissions,
      health: health, links: links, book: book, lanes: loop.lanes, notices: notices, reader: reader, logger: logger)
    let diagnosis = DiagnosisThread(
      health: health, probe: MachineProbe(settings), loop: loop, links: links, disk: disk, index: index,
      publication: publication, book: book, settings: settings, dropped: opened.droppedMessages, logger: logger)
    let host = Handover(opened.host)
    let view = Handover(opened.view)
    threads = NodeThreads(
      pool: pool, log: disk.start(opened.journal, store: store, report: events.receive, failed: events.failed),
      syncServer: syncServer.start(),
      snapshots: snapshots.start(
        SnapshotThread.Handlers(
          copied: { height in disk.put(.barrier(height)) },
          made: { height in pruning.begin(below: height) },
          loaded: { state, view, point in
            publication.advance(to: point)
            loop.install(state, view)
          },
          failed: { height in loop.post(.snapshotFailed(height)) })),
      scrub: scrub.start(), keys: keys.start(loop.post),
      signing: signing.start(opened.signer, loop.post) { [keys] in keys.put(.missedVote) },
      replica: WorkerThread("replica", end: loop.close) {
        var host = host.take()
        loop.run(&host, shell)
      },
      reader: reader.start(view), diagnosis: diagnosis.start())
    snapshots.resume(above: restored.height, in: loop)
    do {
      let frames = PeerFrames(
        loop: loop, syncServer: syncServer, finalFetcher: finalFetcher, proofFetcher: proofFetcher, health: health,
        notices: notices, book: book)
      try await links.start(handler: frames) { [transport = opened.transport] in
        try PeerNetworkConfiguration(
          chain: genesis.chain, book: book, transport: transport, logger: logger)
      }
      keys.put(.running)
    } catch {
      await stop()
      throw error
    }
  }

  package var chain: ChainContext { store.chain }

  /// The nodes of the chain's directory, this one included.
  package var knownPeers: [KnownPeer] { book.all }

  /// This node's entry in the directory; nil if there is none.
  package var own: KnownPeer? { book.own }

  /// Nil if the settings turn the index off, or if it could not be opened.
  package var queryIndex: QueryIndex? { index.queryIndex }

  /// The last committed block that this node can serve.
  package var served: ChainPoint { publication.served }

  /// Runs until the service group shuts down gracefully, then writes everything out and returns.
  package func run() async throws {
    // Throws only if the task is cancelled, which asks the node to stop as well.
    try? await gracefulShutdown()
    await stop()
    if let failure = disk.failure { throw NodeError.log(failure) }
  }

  /// Logs that the node is stopping and answers every request that waits for finality; later ones no longer wait. Call
  /// it as soon as the node is asked to stop.
  package func prepareToStop() {
    sayStopping()
    finality.close()
    publication.close()
  }

  /// Logs this only once.
  private func sayStopping() {
    if !saidStopping.exchange(true, ordering: .relaxed) { logger.notice("stopping") }
  }

  /// Stops the parts in the order in which data flows: first no more input arrives, then the replica finishes, then the
  /// log is written and closed.
  private func stop() async {
    sayStopping()
    submissions.close()
    threads.diagnosis.stop()
    await links.stop()
    threads.replica.stop()
    threads.pool.stop()
    threads.syncServer.stop()
    finalFetcher.close()
    proofFetcher.close()
    threads.scrub?.stop()
    threads.signing.stop()
    threads.keys.stop()
    threads.snapshots.stop()
    threads.log.stop()
    threads.reader.stop()
    index.thread?.stop()
    finality.close()
    publication.close()
    _ = locks.take()
    if disk.failure == nil { logger.notice("stopped at height \(store.height); everything is on disk") }
  }

  /// The number of signatures checked since the start.
  var checkedSignatures: Int { threads.pool.checked }
}

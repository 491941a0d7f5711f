internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// Starting nodes from their disks.
extension SimulatedCluster {
  static let poolLimit = 2000
  static let logOptions = LogOptions(
    firstSegmentBytes: 16 << 10, segmentBytes: 1 << 20, salt: 0x5EED, batchBytes: 64 << 10)

  /// The owner of the log on a node's disk.
  func owner(of node: SimulatedNode) -> LogOwner {
    .found(in: node.disk, chain: population.chain.genesis, otherwise: node.keys.current)
  }

  /// Creates the log of a node whose key has never signed anything.
  func createLog(of node: SimulatedNode) {
    do throws(LogError) {
      try Startup.found(node.disk, owner: owner(of: node), options: Self.logOptions)
    } catch {
      fail("node \(node.number) cannot make a log: \(error.explanation)")
    }
  }

  /// Opens the log and starts the replica at its end. A full disk delays the start.
  func start(_ node: SimulatedNode) {
    guard node.run == nil, node.repair == nil, report.violation == nil else { return }
    // Its signer alone has its keys.
    guard !node.isSignerAway else { return queue.push(.start(node: node.number), at: later(200_000)) }
    if let flip = node.flip, !canStart(node, after: flip) { return }
    // Expensive with a long log, and later starts do not differ from the first ones.
    if !isMutated, node.runs < 4 || node.runs.isMultiple(of: 8) { checkReopening(node) }
    do throws(StartupError) {
      try Startup(
        genesis: population.genesis, keys: node.keys, options: Self.logOptions,
        schedule: SnapshotSchedule(interval: options.snapshotInterval)
      ).open(
        node.disk, snapshots: snapshotStore(of: node), beginning: { _ in ledger(for: node) },
        load: { (stored, _) throws(SnapshotFault) in try load(stored) }, holds: { ring.holds($0) },
        observe: { observe($0, at: node) }
      ).use { journal, restoration, index in begin(node, restoration, journal, index) }
    } catch {
      if case .log(.damaged(let damage)) = error, node.flippedFiles.contains(damage.file) {
        trace.add(now, "node \(node.number) refuses its log: \(explain(error))")
        if !beginRepair(node) { replaceDirectory(of: node) }
        return
      }
      let text = explain(error)
      if node.disk.capacity < .max {
        trace.add(now, "node \(node.number) cannot start: \(text)")
        return queue.push(.start(node: node.number), at: later(200_000))
      }
      fail("node \(node.number) does not start: \(text)")
    }
  }

  private func explain(_ error: StartupError) -> String {
    switch error {
    case .log(let error): error.explanation
    case .soleLogMissing: "a sole validator has no log"
    case .pruneMark(let error): error.explanation
    case .snapshots(let error): error.explanation
    case .snapshotMissing(let height): "the snapshot of height \(height) is missing"
    case .records(let error): error.explanation
    }
  }

  private func observe(_ event: StartupEvent, at node: SimulatedNode) {
    switch event {
    case .logMissing, .logEmpty, .opened: break
    case .snapshotRemoved(let height, let error):
      trace.add(now, "node \(node.number) removes the snapshot of height \(height): \(error.explanation)")
    case .snapshotLoaded: count("starts from a snapshot")
    case .applied(let record, _, _):
      if record.kind == .block, let block = record.block { node.durable.restored(block: block) }
      observe(record.final, at: node)
      for commit in record.commits { observe(commit, at: node) }
    case .final(let blocks): observe(blocks, at: node)
    case .continued: count("logs that continue above a snapshot")
    }
  }

  /// Shows the oracle the blocks that are final according to the log.
  private func observe(_ blocks: [FinalBlock], at node: SimulatedNode) {
    guard node.isHonest else { return }
    for block in blocks {
      if let broken = chain.check(block) { fail("node \(node.number): \(broken)") }
    }
  }

  func ledger(for node: SimulatedNode) -> LedgerState {
    var ledger = LedgerState(genesis: population.genesis)
    if node.number == 0 { tampering?(&ledger) }
    return ledger
  }

  /// The configuration of a node with these vote keys, with the intervals of a real one.
  func configuration(holding keys: [PublicKey]) -> ReplicaConfiguration {
    ReplicaConfiguration(genesis: population.genesis, chain: population.chain, voteKeys: keys)
  }

  private func begin(
    _ node: SimulatedNode, _ restoration: consuming Restoration, _ journal: consuming Journal<MemoryDisk>,
    _ index: ChainIndex
  ) {
    guard agree(node, &restoration, &journal) else { return }
    let memory = restoration.voteGuard()
    let finalizedRound = restoration.finalizedRound
    for statement in restoration.signedStatements { node.durable.restored(statement) }
    var configuration = configuration(holding: node.keys.all)
    if !options.hasFullPool {
      configuration.pool = Mempool.Bounds(transactions: SimulatedCluster.poolLimit, bytes: 1 << 20, memberShare: 2)
    }
    configuration.snapshotGap = options.snapshotGap
    configuration.reportsRows = true
    configuration.bootstrap = node.bootstrap
    let signer = SimulatedSigner(
      ring: ring, chain: population.chain, memory: memory, isUnguarded: forgetsVotes, elsewhere: node.signerMemory)
    signer.isAway = node.isSignerAway
    node.runs += 1
    let replica = Replica(
      configuration: configuration, restored: restoration, signer: signer, now: node.clock.now(now))
    // The node may also listen because the end of an earlier listening did not reach the disk.
    node.isRecovering = replica.isListening
    let trusted = Set(node.keys.all).subtracting(replica.listeningKeys)
    let running = replica.runningEpoch
    let peers = replica.knownPeers
    let machine = options.costs.map { Machine($0, peers: population.seats.count) }
    let run = NodeRun(
      number: node.runs, host: ReplicaHost(replica, pace: Self.pace), journal: journal, index: index,
      snapshots: snapshotStore(of: node),
      scrub: LogScrub(node.disk, owner: owner(of: node)),
      keys: SimulatedKeys(node.keys, running, finalized: finalizedRound),
      signer: signer, machine: machine)
    run.know(seated(peers), seats: population.seats.count)
    node.trustedKeys = trusted
    node.run = run
    node.isPaused = false
    node.behindSince = nil
    trace.add(now, "node \(node.number) starts at height \(run.index.height)")
    step(node, .tick)
    resumeFetching(node, run)
    scheduleKeys(node)
    scheduleScrub(node, run)
    for other in nodes where other !== node && other.run != nil {
      queue.push(.link(node.number, other.number), at: later(UInt64.random(in: 100...20_000, using: &networkGenerator)))
    }
    if !node.isHonest, options.traitorKind == .noise {
      queue.push(.noise(node: node.number, run: run.number), at: later(1000))
    }
  }

  /// Checks that opening a log twice gives the same records as opening it once.
  private func checkReopening(_ node: SimulatedNode) {
    let first = node.workingDisk
    let owner = owner(of: node)
    do throws(LogError) {
      let before = try Self.records(of: first, owner)
      let after = try Self.records(of: first, owner)
      if before != after { fail("opening the log of node \(node.number) again gives other records") }
    } catch {
      if error != .noLog { fail("the log of node \(node.number) does not open: \(error.explanation)") }
    }
  }

  /// A hash over all records of a log on a disk that works; nil if a start would refuse the log.
  func readableRecords(_ disk: MemoryDisk, of node: SimulatedNode) -> UInt64? {
    do throws(LogError) {
      return try Self.records(of: disk, owner(of: node))
    } catch {
      return nil
    }
  }

  /// A hash over all records of a log.
  static func records(of disk: MemoryDisk, _ owner: LogOwner) throws(LogError) -> UInt64 {
    var log = try BlockLog.open(disk, owner: owner, options: logOptions)
    var hash = RunningHash()
    var cursor = try log.records()
    while let record = try cursor.next() {
      hash.mix(record.position.rawValue)
      hash.mix(UInt64(record.kind))
      hash.mix(record.payload)
    }
    return hash.value
  }
}

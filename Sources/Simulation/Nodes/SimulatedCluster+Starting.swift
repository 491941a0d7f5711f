internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// Starting nodes from their disks, exactly as the shell of a real node does.
extension SimulatedCluster {
  static let poolLimit = 2000
  static let logOptions = LogOptions(
    firstSegmentBytes: 16 << 10, segmentBytes: 1 << 20, salt: 0x5EED, batchBytes: 64 << 10)

  /// Whose log stands on a node's disk.
  func owner(of node: SimulatedNode) -> LogOwner {
    LogOwner(chain: population.chain.genesis, writer: population.voteKeys[Int(node.validator.rawValue)])
  }

  /// Makes the log of a validator that starts with the chain.
  func found(_ node: SimulatedNode) { makeLog(node, .founded) }

  private func makeLog(_ node: SimulatedNode, _ origin: LogOrigin) {
    do throws(LogError) {
      var log = try BlockLog.create(node.disk, owner: owner(of: node), options: SimulatedCluster.logOptions)
      _ = try log.append(kind: RecordKind.origin.rawValue, height: .genesis, payload: [origin.rawValue])
      _ = try log.sync()
    } catch {
      fail("node \(node.number) cannot make a log: \(error.explanation)")
    }
  }

  /// Opens the log and starts the replica where it ends.
  func start(_ node: SimulatedNode) {
    guard node.life == nil, report.violation == nil else { return }
    if let flip = node.flip, !survives(flip, node) { return }
    // Dear with a long log, and no start is different from another.
    if !isMutated, node.lives < 4 || node.lives.isMultiple(of: 8) { openTwice(node) }
    do {
      var log = try openOrMake(node)
      let state = try newestState(of: node)
      let base = try log.pruned.map { try LogBase($0.carry) }
      var restoration = Restoration(genesis: population.genesis, state: state, base: base)
      var index = ChainIndex(base: base?.height ?? .genesis)
      var book = SegmentVotes()
      var memory = VoteGuard(epoch: .first)
      var cursor = try log.records()
      while let record = try cursor.next() {
        let payload = forgetsVotes ? forgetful(record) : record.payload
        let restored = try restoration.take(kind: record.kind, payload: payload, at: record.position)
        book.note(record.kind, payload: record.payload, in: record.address.segment)
        if let above = restored.base { index.begin(above: above) }
        if let block = restored.block {
          index.note(restored.kind, of: block, height: restored.height, at: record.address)
          if restored.kind == .block { node.shelf.restored(block: block) }
        }
        take(restored.final, into: &index, at: node)
        for commit in restored.commits { observe(commit, at: node) }
      }
      let end = restoration.finish()
      take(end.final, into: &index, at: node)
      if let proof = end.base { try goOn(above: proof, &log, &restoration, &index) }
      if !forgetsVotes {
        try restoration.requireOwn(by: node.validator, isNamed: log.isNamed) { ring.holds($0) }
      }
      memory.raiseFloor(to: restoration.closedView)
      for statement in restoration.signedStatements {
        memory.remember(statement)
        node.shelf.restored(statement)
      }
      let holdings = PrunableLog(
        log: log, book: book, base: restoration.base(at: index.base), finalView: restoration.closedView)
      begin(node, restoration, holdings, index, memory)
    } catch {
      let text = (error as? any ExplainedError)?.explanation ?? "\(error)"
      if node.disk.capacity < .max {
        trace.add(now, "node \(node.number) cannot start: \(text)")
        return queue.push(.start(node: node.number), at: later(200_000))
      }
      fail("node \(node.number) does not start: \(text)")
    }
  }

  /// Blocks that the log says are final.
  private func take(_ blocks: [FinalBlock], into index: inout ChainIndex, at node: SimulatedNode) {
    for block in blocks {
      if !index.commit(block.digest, at: block.height) {
        fail("node \(node.number) restores height \(block.height), which is final but not in the log")
      }
      if node.isHonest, let broken = chain.holds(block) { fail("node \(node.number): \(broken)") }
    }
  }

  /// A log that does not reach up to the snapshot goes on above it, and says so from then on.
  private func goOn(
    above proof: CertifiedBlock, _ log: inout BlockLog<MemoryDisk>, _ restoration: inout Restoration,
    _ index: inout ChainIndex
  ) throws {
    count("logs that go on above a snapshot")
    var writer = Writer()
    proof.encode(into: &writer, chain: population.chain)
    let (position, _) = try log.append(kind: RecordKind.base.rawValue, height: proof.height, payload: writer.bytes)
    _ = try log.sync()
    _ = try restoration.take(kind: RecordKind.base.rawValue, payload: writer.bytes, at: position)
    index.begin(above: proof.height)
  }

  /// A deliberate defect: an own vote looks like that of somebody else.
  private func forgetful(_ record: LogRecord) -> [UInt8] {
    guard record.kind == RecordKind.vote.rawValue,
      var vote = try? Reader.whole(record.payload, { (reader) throws(CodecError) in try Vote(from: &reader) })
    else { return record.payload }
    vote.signer = ValidatorIndex(UInt16(Limits.validators - 1))
    var writer = Writer()
    vote.encode(into: &writer)
    return writer.bytes
  }

  private func openOrMake(_ node: SimulatedNode) throws(LogError) -> BlockLog<MemoryDisk> {
    do throws(LogError) {
      return try BlockLog.open(node.disk, owner: owner(of: node), options: SimulatedCluster.logOptions)
    } catch {
      guard error == .noLog else { throw error }
    }
    makeLog(node, remembersLoss ? .joined : .founded)
    return try BlockLog.open(node.disk, owner: owner(of: node), options: SimulatedCluster.logOptions)
  }

  func ledger(for node: SimulatedNode) -> LedgerState {
    var ledger = LedgerState(genesis: population.genesis)
    if node.number == 0 { tampering?(&ledger) }
    return ledger
  }

  private func begin(
    _ node: SimulatedNode, _ restoration: consuming Restoration, _ holdings: consuming PrunableLog<MemoryDisk>,
    _ index: ChainIndex, _ memory: VoteGuard
  ) {
    let validators = population.genesis.validatorSet
    var configuration = ReplicaConfiguration(
      genesis: population.genesis, chain: population.chain, validators: validators, peers: PeerDirectory(validators),
      voteKey: validators.voteKey(of: node.validator))
    if !options.hasFullPool {
      configuration.pool = Mempool.Bounds(transactions: SimulatedCluster.poolLimit, bytes: 1 << 20, memberShare: 2)
    }
    configuration.snapshotInterval = options.snapshotInterval
    configuration.snapshotGap = options.snapshotGap
    let signer = SimulatedSigner(
      ring: ring, key: population.voteKeys[Int(node.validator.rawValue)], chain: population.chain, memory: memory,
      isUnguarded: forgetsVotes)
    node.lives += 1
    let replica = Replica(
      configuration: configuration, restored: restoration, signer: signer, now: node.clock.now(now))
    // Also when the end of an earlier listening did not reach the disk.
    node.isRecovering = replica.isListening
    let machine = options.costs.map { Machine($0, peers: options.validators) }
    let life = NodeRun(
      number: node.lives, replica: replica, journal: Journal(holdings), index: index, chain: population.chain,
      machine: machine)
    node.life = life
    node.isPaused = false
    trace.add(now, "node \(node.number) starts at height \(life.index.height)")
    step(node, .tick)
    resumeFetching(node)
    for other in nodes where other !== node && other.life != nil {
      queue.push(.link(node.number, other.number), at: later(UInt64.random(in: 100...20_000, using: &networkGenerator)))
    }
    if !node.isHonest, options.sabotage == .noise {
      queue.push(.sabotage(node: node.number, life: life.number), at: later(1000))
    }
  }

  /// Opening a log twice equals opening it once.
  private func openTwice(_ node: SimulatedNode) {
    let first = node.disk.copy()
    first.capacity = .max
    let owner = owner(of: node)
    do throws(LogError) {
      let before = try Self.records(of: first, owner)
      let after = try Self.records(of: first, owner)
      if before != after { fail("opening the log of node \(node.number) again gives other records") }
    } catch {
      if error != .noLog { fail("the log of node \(node.number) does not open: \(error.explanation)") }
    }
  }

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

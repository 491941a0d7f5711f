internal import BlockLog
internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// How a running node finds damage in its log and repairs it with the help of its peers.
extension SimulatedCluster {
  /// Microseconds between two steps of the check, and the least bytes of one step.
  private static let scrubPause: UInt64 = 3_000_000
  private static let scrubBytes = 64 << 10
  /// The most steps of one round: two rounds of the longest log end within the time that a healed cluster has.
  private static let scrubSteps = 6

  func scheduleScrub(_ node: SimulatedNode, _ run: NodeRun) {
    queue.push(.scrub(node: node.number, run: run.number), at: later(Self.scrubPause))
  }

  /// Checks the next piece of the sealed segments.
  func scrub(_ node: SimulatedNode, _ run: NodeRun) {
    scheduleScrub(node, run)
    guard run.repair == nil, !run.hasLogFailed else { return }
    do throws(LogError) {
      let segments = run.journal.segments
      let sealedBytes = segments.lazy.filter(\.isSealed).reduce(0) { $0 + $1.byteCount }
      let report = try run.scrub.step(bytes: max(Self.scrubBytes, sealedBytes / Self.scrubSteps), over: segments)
      for stretch in report.found {
        guard node.flippedFiles.contains(stretch.file) else {
          return fail("D2: node \(node.number) finds damage that is not there: \(stretch)")
        }
      }
      run.damaged += report.found
    } catch {
      return fail("D2: node \(node.number) cannot check its log: \(error.explanation)")
    }
    repairNext(node, run)
    checkMissedDamage(node, run)
  }

  /// Damage must be found within one round; a bit that does not matter may flip unnoticed.
  private func checkMissedDamage(_ node: SimulatedNode, _ run: NodeRun) {
    guard let rot = node.rot, run.repair == nil, run.scrub.rounds > rot.rounds + 1 else { return }
    node.rot = nil
    guard readableRecords(node.workingDisk, of: node) != nil else {
      return fail("D2: node \(node.number) does not find the flipped bit at \(rot.offset) of \(rot.file)")
    }
    count("harmless bit rots")
  }

  private func repairNext(_ node: SimulatedNode, _ run: NodeRun) {
    guard run.repair == nil, let stretch = run.damaged.popFirst() else { return }
    trace.add(now, "node \(node.number) finds damage in its running log: \(stretch)")
    count("damage found while running")
    let repair = StretchRepair(stretch, run)
    run.repair = SimulatedRepair(
      .running(repair), newestSet,
      fetch: FinalFetch(
        repair.heights, chain: population.chain, validators: newestSet.validators,
        now: node.clock.now(now).tick))
    stepRepair(node, run)
  }

  func stepRepair(_ node: SimulatedNode, _ run: NodeRun) {
    guard let repair = run.repair, case .running(let stretch) = repair.purpose, report.violation == nil else { return }
    let peers = Set(run.links.keys.filter { repair.set.index(of: $0) != nil }.compactMap { run.peer(at: $0) })
    while true {
      switch repair.fetch.next(peers, now: node.clock.now(now).tick) {
      case .ask(let peer, let height):
        if let seat = run.seat(of: peer) {
          carry(PeerMessage.fetchFinal(height).encoded(), from: node, run, to: seat)
        }
      case .report: count("repairs that wait")
      case .wait(let tick):
        return queue.push(
          .scrubWakes(node: node.number, run: run.number), at: max(node.clock.tick(of: tick), later(1)))
      case .done(let found):
        checkGivenUp(stretch.heights, repair, found, node)
        run.lost.formUnion(stretch.heights.filter { found[$0] == nil })
        run.diskQueue.append(stretch.command(found))
        return write(node, run)
      }
    }
  }

  /// The journal has rewritten the stretch that was being repaired.
  func finishRepair(_ records: Int, _ node: SimulatedNode, _ run: NodeRun) {
    count("repaired while running")
    count("records brought back", records)
    run.repair = nil
    if run.damaged.isEmpty { node.rot = nil }
    repairNext(node, run)
  }

  /// The journal could not rewrite the stretch: the disk refused, or the segment left the log in the meantime.
  func giveUpRepair(of stretch: DamagedStretch, _ error: LogError, _ node: SimulatedNode, _ run: NodeRun) {
    run.repair = nil
    if case .disk = error {
      // The next round finds the damage again.
      node.rot?.rounds = run.scrub.rounds
    } else if run.journal.segments.contains(where: { $0.file == stretch.file }) {
      fail("D2: node \(node.number) cannot repair \(stretch): \(error.explanation)")
    }
    repairNext(node, run)
  }

  // MARK: The fault

  /// Flips a bit in a sealed segment of the running node's log.
  func rot(_ node: SimulatedNode) {
    guard let run = node.run, !run.hasLogFailed, node.rot == nil, mayLoseRecords,
      let file = run.journal.segments.filter(\.isSealed).randomElement(using: &node.generator)?.file,
      let used = node.disk.contents(of: file)?.lastIndex(where: { $0 != 0 })
    else { return }
    let rot = BitRot(
      file: file, offset: Int.random(in: 0...used, using: &node.generator),
      bit: Int.random(in: 0..<8, using: &node.generator), rounds: run.scrub.rounds)
    node.disk.flipBit(of: file, at: rot.offset, bit: rot.bit)
    node.rot = rot
    node.flippedFiles.insert(file)
    trace.add(now, "a bit flips at byte \(rot.offset) of \(file) of node \(node.number), which is running")
  }

  /// What a crash leaves of a flipped bit that was not repaired: the next start meets it.
  func crashed(with rot: BitRot, _ node: SimulatedNode) {
    node.rot = nil
    guard readableRecords(node.workingDisk, of: node) == nil else { return }
    let intact = node.workingDisk
    intact.flipBit(of: rot.file, at: rot.offset, bit: rot.bit)
    // Nil if the crash interrupted the repair.
    node.flip = BitFlip(file: rot.file, records: readableRecords(intact, of: node))
    node.isRecovering = true
  }
}

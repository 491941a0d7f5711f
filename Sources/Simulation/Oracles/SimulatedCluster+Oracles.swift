internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// What the oracles see.
extension SimulatedCluster {
  func observe(_ send: Send, from node: SimulatedNode) {
    let message: PeerMessage
    do throws(CodecError) {
      message = try PeerMessage(send.frame)
    } catch {
      return fail("node \(node.number) sends a malformed frame: \(error.explanation)")
    }
    if send.frame.count > message.kind.limit {
      fail("node \(node.number) sends \(send.frame.count) bytes of \(message.kind); the limit is \(message.kind.limit)")
    }
    switch message {
    case .proposal(let vote, let block):
      recordProposal(vote, block)
      meter?.proposed(vote.statement.round, node: node.number, self)
      trace.add(now, "node \(node.number) proposes \(vote.statement.subject)")
      if let broken = votes.sent(vote, by: node) { fail(broken) }
    case .vote(let vote):
      trace.add(now, "node \(node.number) votes to \(vote.statement.kind) \(vote.statement.subject)")
      if let broken = votes.sent(vote, by: node) { fail(broken) }
    case .certificate(let certificate): observe(certificate, at: node)
    default: break
    }
  }

  private func observe(_ certificate: Certificate, at node: SimulatedNode) {
    if let broken = votes.seen(certificate, at: node) { fail(broken) }
  }

  func observe(_ record: PendingRecord, at node: SimulatedNode) {
    guard node.isHonest, record.kind == .certificate else { return }
    do throws(CodecError) {
      let certificate = try Certificate(payload: record.payload)
      trace.add(now, "node \(node.number) has a quorum to \(certificate.kind) \(certificate.statement.subject)")
      observe(certificate, at: node)
      meter?.certified(certificate, by: node.seat, self)
    } catch {
      fail("node \(node.number) logs a malformed certificate: \(error.explanation)")
    }
  }

  func observe(_ commit: Commit, at node: SimulatedNode) {
    guard node.isHonest else { return }
    trace.add(
      now,
      "node \(node.number) has height \(commit.height) final: block \(commit.block.digest.short), \(commit.block.count) transactions"
    )
    if let broken = chain.committed(commit, at: node) { fail(broken) }
    followEpoch()
    if let broken = liveness?.committed(commit.block, at: node.number, now) { fail(broken) }
    guard let finalization = commit.finalization else { return }
    node.committed(finalization.round, endsEpoch: commit.closing != nil)
    // Whoever votes to finalize has the block on its disk, so an acknowledged transaction is durable on a quorum.
    for signer in finalization.signers {
      let seat = set(of: finalization.round.epoch)?.seats[Int(signer.rawValue)]
      for other in nodes where other.seat == seat && other.isHonest && !other.isRecovering {
        if finalization.round > other.votesAbove, !other.durable.blocks.contains(commit.block.digest) {
          fail("10: node \(other.number) finalized block \(commit.height), which is not on its disk")
        }
      }
    }
  }

  func observe(_ notice: Notice, at node: SimulatedNode) {
    guard node.isHonest else { return observeTraitor(notice, node) }
    switch notice {
    case .stoppedVoting(let reason):
      trace.add(now, "node \(node.number) stops voting: \(reason.explanation)")
      if case .logFailed = reason { return }
      count("stopped: \(reason.code)")
      if tampering != nil, node.number == 0 { return }
      fail("node \(node.number) stops voting: \(reason.explanation)")
    case .misbehaved(let peer, let code, let explanation):
      count("blamed: \(code)")
      let seat = node.run?.seat(of: peer)
      if isHonest(seat) { fail("node \(node.number) blames honest peer \(name(seat)): \(explanation)") }
      if let seat, let other = node.run?.links[seat] { queue.push(.unlink(node.number, other.number), at: later(1)) }
    case .keyReported(let peer): fail("node \(node.number) is told by \(peer) that its key is used elsewhere")
    case .wasteful(let peer, let until):
      count("read more slowly")
      let seat = node.run?.seat(of: peer)
      if isHonest(seat) { fail("node \(node.number) reads honest peer \(name(seat)) more slowly") }
      if let seat, let other = node.run?.links[seat] {
        let pause = until.microseconds(since: node.clock.now(now).tick)
        links[other.number][node.number].cloggedUntil = later(pause)
      }
    case .equivocated(let signer, let first, let second):
      count("evidence")
      let seat = set(of: first.round.epoch)?.seats[Int(signer.rawValue)]
      if isHonest(seat) {
        fail("node \(node.number) has evidence against honest validator \(signer): \(first), \(second)")
      }
    case .rejectedBlock(let round, let code, let explanation):
      count("rejected: \(code)")
      let leader = leader(of: round)
      if isHonest(leader), code != "block.time-ahead" {
        fail("node \(node.number) rejects the block of honest validator \(name(leader)): \(explanation)")
      }
    case .gaveUp(let view, let reason, _):
      count("gave up: \(reason)")
      meter?.gaveUp()
      trace.add(now, "node \(node.number) gives up view \(view): \(reason)")
    case .enteredView(let view): trace.add(now, "node \(node.number) enters view \(view)")
    case .votingResumed(let bar):
      node.isRecovering = false
      node.votesAbove = max(node.votesAbove, bar)
      node.openBar = bar
      trace.add(now, "node \(node.number) votes again above \(bar)")
    case .dropped(let ids): count("dropped", ids.count)
    case .catchingUp:
      trace.add(now, "node \(node.number): \(notice)")
      node.behindSince = node.behindSince ?? now
    case .caughtUp:
      trace.add(now, "node \(node.number): \(notice)")
      checkCatchingUp(node)
      node.behindSince = nil
    case .beganEpoch(let running):
      trace.add(now, "node \(node.number) begins epoch \(running.epoch)")
      node.run?.keys.life.begin(running.epoch, votingWith: running.ownKey)
      // One that listened and is no validator any more has nothing to listen for.
      node.isRecovering = node.run?.replica.isListening ?? node.isRecovering
      scheduleKeys(node)
    case .signerAway, .signerBack: trace.add(now, "node \(node.number): \(notice)")
    case .signerDeclined(let statement, let refusal):
      fail("the signer of node \(node.number) declines \(statement): \(refusal)")
    case .listening:
      trace.add(now, "node \(node.number): \(notice)")
      node.isRecovering = true
      node.openBar = nil
    case .recordedKey(let key): recorded(key, node)
    case .joining, .joined, .joinEnded, .timeAhead: trace.add(now, "node \(node.number): \(notice)")
    }
  }

  /// Checks that a node that is behind in a network that is well is level soon, whatever f of its peers do. With a node that
  /// left the directory nobody is linked.
  func checkCatchingUp(_ node: SimulatedNode) {
    guard isHealed, node.isHonest, node.run != nil, isListed(node.seat), let since = node.behindSince else { return }
    let intervals = now.microseconds(since: max(since, healedAt)) / configuration.retryInterval
    let limit: UInt64 = options.historyKept == nil ? Self.catchingUpLimit : Self.joiningLimit
    if intervals > limit {
      fail("H2: node \(node.number) has been behind for \(intervals) retry intervals; the limit is \(limit)")
    }
  }

  /// Retry intervals within which a node is level if its peers have all blocks, and if they have snapshots only.
  private static var catchingUpLimit: UInt64 { 8 }
  private static var joiningLimit: UInt64 { 48 }

  /// Restarts a traitor whose own code has stopped because it found votes that it had not made.
  private func observeTraitor(_ notice: Notice, _ node: SimulatedNode) {
    switch notice {
    case .beganEpoch(let running):
      node.run?.keys.life.begin(running.epoch, votingWith: running.ownKey)
      scheduleKeys(node)
    case .recordedKey(let key): recorded(key, node)
    default: break
    }
    guard case .stoppedVoting(let reason) = notice, options.traitorKind.altersFrames, let run = node.run else { return }
    if case .logFailed = reason { return }
    queue.push(
      .restart(node: node.number, run: run.number),
      at: later(UInt64.random(in: 100_000...1_000_000, using: &node.generator)))
  }

  /// The seat of a round's leader; nil if the epoch has not begun.
  func leader(of round: Round) -> Int? {
    guard let seats = set(of: round.epoch)?.seats else { return nil }
    let count = UInt64(seats.count)
    return seats[Int((round.epoch.rawValue % count + round.view.rawValue % count) % count)]
  }

  func leader(after round: Round) -> Int? {
    round.view.next.flatMap { leader(of: Round(epoch: round.epoch, view: $0)) }
  }

  /// Takes over the validators and times of the newest epoch.
  private func followEpoch() {
    guard chain.epoch > configuration.validators.epoch else { return }
    let newest = chain.model.configuration
    let set = newest.validatorSet(of: chain.epoch)
    configuration.begin(set, leaderTimeoutMilliseconds: newest.leaderTimeoutMilliseconds)
    votes.begin(set)
    sets.append(SeatedSet(set, population))
  }

  /// Whether all nodes of a seat are honest; nil is nobody's.
  private func isHonest(_ seat: Int?) -> Bool {
    guard let seat else { return false }
    return nodes.allSatisfy { $0.seat != seat || $0.isHonest }
  }

  private func name(_ seat: Int?) -> String { seat.map { population.name(of: $0) } ?? "unknown" }

  /// Checks that queues and memory stay within their limits.
  func checkBounds(_ node: SimulatedNode, _ run: NodeRun) {
    let load = run.replica.load
    let checks = population.seats.count * Limits.peerChecks + submissions.count
    if load.blocks > Limits.trackedViews + Limits.syncBlocks || load.wantedBlocks > Limits.orphanBlocks
      || load.checks > checks || load.waitingVotes > 3 * Limits.trackedViews
      || load.transactions > SimulatedCluster.poolLimit
    {
      fail("node \(node.number) holds more than its limits allow: \(load)")
    }
    if run.diskQueue.count > 4096 { fail("node \(node.number) has \(run.diskQueue.count) batches for its disk") }
    if run.host.heldBack > 4096 { fail("node \(node.number) has \(run.host.heldBack) frames waiting for its disk") }
  }

  /// One line for each node, for the report.
  func nodeLines() -> [String] {
    nodes.map { node in
      var line = "node \(node.number) (\(node.name)\(node.isHonest ? "" : ", traitor")): "
      guard let run = node.run else { return line + "down" }
      let status = run.replica.status
      line +=
        "height \(status.committed.height), epoch \(status.epoch), view \(status.view), final view \(status.finalizedView)"
      if let own = newestSet.index(of: node.seat) {
        let key = newestSet.validators.voteKey(of: own)
        line += ", validator \(own) of \(newestSet.seats.count)"
        if !node.keys.all.contains(key) { line += " without its key" }
        if !node.trustedKeys.contains(key) { line += " that listens first" }
      }
      line += ", pool \(status.waitingTransactions)/\(status.poolTransactions)"
      line += ", links \(run.links.keys.sorted().map { "\($0)" }.joined(separator: " "))"
      line += ", appended \(run.journal.appended), durable \(run.replica.durablePosition)"
      if node.isPaused { line += ", paused" }
      if run.hasLogFailed { line += ", log failed" }
      if let rot = node.rot { line += ", bit \(rot.bit) flipped at \(rot.offset) of \(rot.file)" }
      if case .running(let stretch) = run.repair?.purpose { line += ", repairing \(stretch.stretch)" }
      if run.replica.isListening { line += ", listening" }
      if let stopped = run.replica.stopped { line += ", stopped: \(stopped.code)" }
      return line
    }
  }
}

extension Statement {
  /// What the statement is about, for the trace.
  fileprivate var subject: String {
    guard let proposal else { return "\(round)" }
    return "block \(proposal.block.short) in \(round), on that of view \(proposal.parent)"
  }
}

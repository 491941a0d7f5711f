internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

// Building, judging and executing blocks, whenever what that needs has arrived.
extension Replica {
  /// Tries everything that waits for data. "Not yet" stays pending; only a judgement is answered.
  mutating func pump(_ now: Now, _ effects: inout ReplicaEffects) {
    guard stopped == nil else { return }
    // An answer may lead to the next question in the same step: go on until nothing moves.
    var isMoving = building != nil || !checks.isEmpty || !certifications.isEmpty
    while isMoving, stopped == nil {
      isMoving = false
      if let build = building, tryBuild(build, now, &effects) { isMoving = true }
      for view in checks.keys.sorted() where tryCheck(view, now, &effects) { isMoving = true }
      for view in certifications.keys.sorted() where tryCertify(view, now, &effects) { isMoving = true }
    }
    commitTarget(now, &effects)
    catchUp(now, &effects)
    askForWanted(now, &effects)
    endListening(now, &effects)
  }

  /// Moves the state to `digest`. False if a block on the way is missing; a state that turns out to be wrong
  /// stops the node.
  private mutating func moveState(
    to digest: Digest, view: View, _ now: Now, _ effects: inout ReplicaEffects
  ) -> Bool {
    var changes = Chain.Changes()
    var isThere = false
    do throws(Chain.Fault) {
      try chain.move(to: digest, &changes)
      isThere = true
    } catch {
      switch error {
      case .missing(let missing): want(missing, for: view)
      case .resultDiffers(let height, let own, let certified):
        apply(changes, now, &effects)
        stop(.resultDiffers(height, own: own, certified: certified), now, &effects)
        return false
      case .invalid, .belowCommitted: break
      }
    }
    apply(changes, now, &effects)
    return isThere
  }

  // MARK: Lead

  private mutating func tryBuild(_ build: PendingBuild, _ now: Now, _ effects: inout ReplicaEffects) -> Bool {
    if let tick = build.notBefore, now.tick < tick { return false }
    guard moveState(to: build.parent.block, view: build.round.view, now, &effects) else { return false }
    let parent = chain.ledger.tip
    if mustWait(build, parent, now) { return false }
    building = nil
    guard let height = parent.height.next else {
      feed(.built(build.round, block: nil), now, &effects)
      return true
    }
    let time = max(now.wall, parent.timestamp.advanced(byMilliseconds: 1))
    let transactions = select(at: time, &effects)
    guard build.isEmptyWanted || !transactions.isEmpty else {
      feed(.declined(build.round), now, &effects)
      reportWork(now, &effects)
      return true
    }
    let block = Block.assemble(
      height: height, parent: parent.block, parentResult: parent.result, timestamp: time,
      transactions: transactions, chain: configuration.chain, hash: &hash)
    chain.tree.insert(block, isLogged: false)
    feed(.built(build.round, block: block.digest), now, &effects)
    return true
  }

  /// Lets the clock catch up with a chain whose time runs ahead: every block's time is a millisecond above its
  /// parent's at least, so more than a thousand blocks a second, or a hostile leader's, push it on. Beyond half of the
  /// allowed drift each block waits a little; at its end, where others would refuse the block, as long as it takes.
  private mutating func mustWait(_ build: PendingBuild, _ parent: ChainPoint, _ now: Now) -> Bool {
    let drift = Limits.clockDriftMilliseconds
    let ahead = parent.timestamp.rawValue > now.wall.rawValue ? parent.timestamp.rawValue - now.wall.rawValue : 0
    guard ahead >= drift || (ahead > drift / 2 && build.notBefore == nil) else { return false }
    building?.notBefore = now.tick.advanced(byMicroseconds: Self.catchUpPause)
    return true
  }

  /// How long a leader waits for its clock, in microseconds.
  private static var catchUpPause: UInt64 { 2000 }

  /// Waiting transactions that may enter a block on the current state, oldest first, within a block's limits.
  private mutating func select(
    at time: Timestamp, _ effects: inout ReplicaEffects
  ) -> [SignedTransaction] {
    var chosen: [SignedTransaction] = []
    var hopeless: [Digest] = []
    var budget = BlockBudget()
    mempool.forEachWaiting { transaction in
      if let fault = chain.ledger.fault(of: transaction.view, at: time) {
        // What the newest blocks say may be taken back; only what is final is for good.
        if fault.isLasting, chain.tip == chain.committed.block { hopeless.append(transaction.id) }
        return hopeless.count < Limits.blockTransactions
      }
      guard budget.take(transaction) else { return false }
      chosen.append(transaction)
      return true
    }
    for id in hopeless { mempool.remove(id) }
    if !hopeless.isEmpty { effects.notices.append(.dropped(hopeless)) }
    return chosen
  }

  // MARK: Follow

  /// Returns whether something was answered.
  private mutating func tryCheck(_ view: View, _ now: Now, _ effects: inout ReplicaEffects) -> Bool {
    guard let check = checks[view], case .waiting = check.stage else { return false }
    let digest = check.proposal.block
    guard let node = chain.tree[digest] else {
      if digest == check.parent.block || digest == chain.committed.block {
        return judge(check.proposal, "block.repeated", "a committed block is proposed again", now, &effects)
      }
      want(digest, for: view)
      return false
    }
    if !check.isContentValid {
      guard moveState(to: check.parent.block, view: view, now, &effects) else { return false }
      if let fault = chain.ledger.fault(in: node.block) {
        return judge(check.proposal, fault.code, fault.explanation, now, &effects)
      }
      let time = node.block.header.timestamp
      guard time <= now.wall.advanced(byMilliseconds: Limits.clockDriftMilliseconds) else {
        let ahead = time.rawValue - now.wall.rawValue
        let text = "its time is \(ahead) ms ahead of this node's clock, the limit is \(Limits.clockDriftMilliseconds)"
        return judge(check.proposal, "block.time-ahead", text, now, &effects)
      }
      checks[view]?.isContentValid = true
      chain.tree[digest]?.isFaultless = true
    }
    let tickets = node.isChecked ? [] : verifySignatures(of: node.block, view, &effects)
    guard tickets.isEmpty else {
      checks[view]?.stage = .verifying(tickets)
      return false
    }
    accept(check.proposal, now, &effects)
    return true
  }

  /// Has the signatures checked of which this node does not know whether they hold. It knows of a transaction whose very
  /// bytes are in the pool; of one that is on its way there it learns.
  /// - Returns: the checks to wait for.
  private mutating func verifySignatures(
    of block: Block, _ view: View, _ effects: inout ReplicaEffects
  ) -> Set<Ticket> {
    guard var check = checks[view] else { return [] }
    var items: [VerificationItem] = []
    var tickets: Set<Ticket> = []
    for index in 0..<block.count where !check.places.contains(index) {
      let transaction = block.transaction(at: index)
      if let known = mempool.transaction(transaction.id), transaction.hasBytes(known.bytes) { continue }
      if !check.hasAwaited, let pending = verifying[transaction.id], transaction.hasBytes(pending.bytes) {
        if tickets.insert(pending.ticket).inserted { effects.urgentTickets.append(pending.ticket) }
      } else {
        appendItems(of: SignedTransaction(transaction), to: &items)
        check.places.insert(index)
      }
    }
    check.hasAwaited = true
    checks[view] = check
    if !items.isEmpty { tickets.insert(request(items, for: .block(view), &effects)) }
    return tickets
  }

  /// Signatures of a block's transactions are checked.
  mutating func finishCheck(
    of view: View, _ ticket: Ticket, _ allHold: Bool, _ now: Now, _ effects: inout ReplicaEffects
  ) {
    guard let check = checks[view], case .verifying(let tickets) = check.stage, tickets.contains(ticket) else { return }
    guard allHold else {
      _ = judge(
        check.proposal, "transaction.bad-signature", "a transaction's signature does not hold", now, &effects)
      return
    }
    finishAwaited(ticket)
  }

  /// Lets go on what waited for a check.
  mutating func finishAwaited(_ ticket: Ticket) {
    for (view, check) in checks {
      guard case .verifying(var tickets) = check.stage, tickets.remove(ticket) != nil else { continue }
      checks[view]?.stage = tickets.isEmpty ? .waiting : .verifying(tickets)
    }
  }

  private mutating func accept(_ proposal: Proposal, _ now: Now, _ effects: inout ReplicaEffects) {
    checks[proposal.view] = nil
    chain.tree[proposal.block]?.isChecked = true
    var changes = Chain.Changes()
    // The body first: one sync then serves it and the vote.
    chain.log(proposal.block, &changes)
    apply(changes, now, &effects)
    feed(.checked(proposal, valid: true), now, &effects)
  }

  /// Answers that a proposal is not valid.
  private mutating func judge(
    _ proposal: Proposal, _ code: String, _ explanation: String, _ now: Now, _ effects: inout ReplicaEffects
  ) -> Bool {
    checks[proposal.view] = nil
    chain.tree.discard(proposal.block)
    effects.notices.append(.rejectedBlock(proposal.view, code: code, explanation: explanation))
    feed(.checked(proposal, valid: false), now, &effects)
    return true
  }

  // MARK: Certify

  private mutating func tryCertify(_ view: View, _ now: Now, _ effects: inout ReplicaEffects) -> Bool {
    guard let pending = certifications[view] else { return false }
    let digest = pending.proposal.block
    guard let node = chain.tree[digest] else {
      if digest != chain.committed.block { want(digest, for: view) } else { certifications[view] = nil }
      return false
    }
    if let execution = node.execution {
      certifications[view] = nil
      feed(.certified(pending.proposal, result: execution.digest), now, &effects)
      return true
    }
    guard moveState(to: pending.parent.block, view: view, now, &effects) else { return false }
    var changes = Chain.Changes()
    var result: Digest?
    do throws(Chain.Fault) {
      try chain.execute(digest, &changes)
      result = chain.tree[digest]?.execution?.digest
    } catch {
      if case .invalid(_, let fault) = error {
        effects.notices.append(.rejectedBlock(view, code: fault.code, explanation: fault.explanation))
      }
    }
    certifications[view] = nil
    apply(changes, now, &effects)
    feed(.certified(pending.proposal, result: result), now, &effects)
    return true
  }
}

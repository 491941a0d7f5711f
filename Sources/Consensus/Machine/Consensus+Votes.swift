import Primitives

/// Votes, of this node and of others: counting, evidence, and a key that is in use twice.
extension Consensus {
  mutating func receive(_ vote: Vote, _ effects: inout [ConsensusEffect]) {
    let statement = vote.statement
    guard statement.view != .genesis, configuration.validators.contains(vote.signer),
      statement.proposal.map({ $0.parent < $0.view }) ?? true
    else { return }
    if vote.signer == own {
      receiveOwn(vote, &effects)
      return
    }
    // R4: a vote alone opens only the current view or the next one.
    guard statement.view <= view.next ?? view else { return }
    let index: Int
    if statement.view >= view {
      index = views.open(statement.view, leader: leader(of: statement.view))
    } else if let known = views.index(of: statement.view) {
      index = known
    } else {
      help(vote.signer, after: statement, &effects)
      return
    }
    switch views[index].add(vote) {
    case .counted:
      let isCertified = views[index].usable != nil
      count(vote, at: index, &effects)
      if isCertified, statement.kind == .nullify { help(vote.signer, after: statement, &effects) }
    case .repeated: help(vote.signer, after: statement, &effects)
    case .excluded: break
    case .conflict(let earlier):
      // The leader's other proposal must be known even though its vote does not count.
      propose(vote, at: index)
      report(Evidence(first: earlier, second: vote), &effects)
    }
  }

  /// Counts an own vote once its record is durable (R26). A vote that was never decided here was made by another
  /// holder of the key (R27).
  private mutating func receiveOwn(_ vote: Vote, _ effects: inout [ConsensusEffect]) {
    let view = vote.statement.view
    guard let index = views.index(of: view), views[index].own.knows(vote.statement) else {
      suspect(vote.statement, &effects)
      return
    }
    guard views[index].own.store(vote), views[index].add(vote) == .counted else { return }
    count(vote, at: index, &effects)
  }

  private mutating func count(_ vote: Vote, at index: Int, _ effects: inout [ConsensusEffect]) {
    propose(vote, at: index)
    guard vote.statement.view > lastFinalized.view else { return }
    if let certificate = views[index].completed(by: vote, quorum: quorum.size) { learn(certificate, &effects) }
  }

  /// Records the leader's notarize vote as its proposal (R7).
  private mutating func propose(_ vote: Vote, at index: Int) {
    guard case .notarize(let proposal) = vote.statement, vote.signer == views[index].leader else { return }
    views[index].slot.propose(proposal)
  }

  private mutating func report(_ found: Evidence, _ effects: inout [ConsensusEffect]) {
    let share = max(1, Limits.evidence / configuration.validators.count)
    guard evidence.count(where: { $0.signer == found.signer }) < share else { return }
    evidence.append(found)
    effects.append(.evidence(found))
  }

  /// Handles a statement that carries this node's own signature. If the memory of that view is complete and does not
  /// contain the statement, the key is in use twice, and this node must not sign anything more with it (R27).
  mutating func suspect(_ statement: Statement, _ effects: inout [ConsensusEffect]) {
    guard mayVote(in: statement.view) else { return }
    if let index = views.index(of: statement.view), views[index].own.knows(statement) { return }
    stopVoting()
    effects.append(.ownKeyElsewhere(statement))
  }

  /// Sends a validator that repeats a vote of a view that is over here, or gave up one that is certified here, the
  /// certificate that ended the view (R25).
  mutating func help(_ signer: ValidatorIndex, after statement: Statement, _ effects: inout [ConsensusEffect]) {
    let certificate: Certificate?
    if statement.view <= lastFinalized.view {
      certificate = finalization
    } else if statement.kind == .finalize {
      // The validator waits for the finalize votes of the others, which they send again by themselves.
      certificate = nil
    } else if statement.view < view {
      certificate = enteringCertificate
    } else {
      certificate = views.index(of: statement.view).flatMap { views[$0].notarization }
    }
    guard let certificate,
      peers.mayHelp(signer, every: configuration.retryMicroseconds, now: now)
    else { return }
    effects.append(.answer(certificate, to: signer))
  }
}

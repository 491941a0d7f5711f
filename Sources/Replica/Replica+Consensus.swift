internal import Consensus
internal import Ledger
internal import Primitives

// Between the consensus, which knows digests, and the chain, which knows blocks.
extension Replica {
  /// Gives the consensus one input and carries out what it asks for. Inputs that arise on the way wait their
  /// turn, so the machine is never re-entered.
  mutating func feed(_ input: ConsensusInput, _ now: Now, _ effects: inout ReplicaEffects) {
    queue.append(input)
    guard !isRunning else { return }
    isRunning = true
    var next = 0
    while next < queue.count {
      consensus.step(queue[next], now: now.tick, effects: &consensusEffects)
      next += 1
      // Two buffers change places, so that neither is copied or made anew.
      swap(&performing, &consensusEffects)
      for index in performing.indices { perform(performing[index], now, &effects) }
      performing.removeAll(keepingCapacity: true)
    }
    queue.removeAll(keepingCapacity: true)
    isRunning = false
  }

  private mutating func perform(_ effect: ConsensusEffect, _ now: Now, _ effects: inout ReplicaEffects) {
    switch effect {
    case .vote(let statement): vote(statement, now, &effects)
    case .append(let certificate):
      append(
        PendingRecord(
          .certificate, height: height(of: certificate), block: finalizedBlock(of: certificate),
          payload: certificate.encoded()), &effects)
    case .broadcast(let certificate), .resendCertificate(let certificate):
      send(.certificate(certificate), to: .all, &effects)
    case .resend(let vote):
      send(message(carrying: vote), to: .all, after: lastVotePosition, &effects)
    case .answer(let certificate, let validator):
      if let peer = configuration.peers.peer(validator) { send(.certificate(certificate), to: .peer(peer), &effects) }
    case .build(let round, let parent, let empty):
      building = PendingBuild(round: round, parent: parent, isEmptyWanted: empty)
    case .check(let proposal, let parent):
      checks[proposal.view] = PendingCheck(proposal: proposal, parent: parent)
    case .certify(let proposal, let parent):
      certifications[proposal.view] = PendingCertification(proposal: proposal, parent: parent)
    case .fetch(let request): fetch(request, &effects)
    case .enter(let view): enter(view, &effects)
    case .finalized(let certificate): finalize(certificate, now, &effects)
    case .evidence(let evidence):
      effects.notices.append(
        .equivocated(evidence.signer, first: evidence.first.statement, second: evidence.second.statement))
    case .ownKeyElsewhere(let statement): stop(.ownKeyElsewhere(statement), now, &effects)
    case .contradiction(let first, let second):
      stop(.contradiction(first.statement, second.statement), now, &effects)
    case .gaveUp(let view, let reason): effects.notices.append(.gaveUp(view, reason: reason.rawValue))
    }
  }

  private mutating func vote(_ statement: Statement, _ now: Now, _ effects: inout ReplicaEffects) {
    guard stopped == nil, let signer, let own = configuration.own else { return }
    do throws(SigningRefusal) {
      let vote = Vote(statement: statement, signer: own, signature: try signer.sign(statement))
      let height = statement.proposal.flatMap { chain.tree[$0.block]?.block.header.height } ?? .genesis
      lastVotePosition = append(PendingRecord(.vote, height: height, payload: vote.encoded()), &effects)
      undurableVotes.append((lastVotePosition, vote))
      send(message(carrying: vote), to: .all, after: lastVotePosition, &effects)
    } catch {
      stop(.signing(error), now, &effects)
    }
  }

  /// The leader's notarize vote is the proposal and carries the block.
  private func message(carrying vote: Vote) -> PeerMessage {
    if case .notarize(let proposal) = vote.statement, consensus.leader(of: proposal.view) == vote.signer,
      let node = chain.tree[proposal.block]
    {
      return .proposal(vote, block: node.block.bytes)
    }
    return .vote(vote)
  }

  private func finalizedBlock(of certificate: Certificate) -> Digest? {
    certificate.kind == .finalize ? certificate.statement.proposal?.block : nil
  }

  private func height(of certificate: Certificate) -> Height {
    guard let proposal = certificate.statement.proposal else { return .genesis }
    return chain.tree[proposal.block]?.block.header.height ?? .genesis
  }

  private mutating func enter(_ view: View, _ effects: inout ReplicaEffects) {
    effects.notices.append(.enteredView(view))
    if let pending = building, pending.round.view < view { building = nil }
    checks = checks.filter { $0.key >= view }
  }

  /// Asks for certificates: the leader of the view first, then everybody.
  private func fetch(_ request: FetchRequest, _ effects: inout ReplicaEffects) {
    let audience: Audience =
      if let peer = request.ask.flatMap({ configuration.peers.peer($0) }), connected.contains(peer) { .peer(peer) } else
      { .all }
    send(.fetchCertificates(from: request.first, to: request.last), to: audience, &effects)
  }

  private mutating func finalize(_ certificate: Certificate, _ now: Now, _ effects: inout ReplicaEffects) {
    let view = certificate.view
    signer?.finalized(view)
    checks = checks.filter { $0.key > view }
    certifications = certifications.filter { $0.key > view }
    if view.rawValue > UInt64(Limits.retainedViews) {
      shelf.prune(below: View(view.rawValue - UInt64(Limits.retainedViews)))
    }
    sync.target = certificate
    commitTarget(now, &effects)
    // What was proposed up to here and is not part of the chain came to nothing, once the chain is complete.
    guard sync.target == nil else { return }
    for (old, digest) in proposed where old <= view { chain.tree.discard(digest) }
    proposed = proposed.filter { $0.key > view }
  }
}

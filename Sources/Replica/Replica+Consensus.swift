internal import Consensus
internal import Ledger
internal import Primitives

// The connection between the consensus and the machines: its inputs and its effects.
extension Replica {
  /// Gives the consensus one input and performs its effects. Inputs that arise meanwhile wait their turn, so the
  /// consensus is never re-entered.
  mutating func feed(_ input: ConsensusInput) {
    queue.append(input)
    guard !isFeeding else { return }
    isFeeding = true
    var next = 0
    while next < queue.count {
      consensus.step(queue[next], now: context.now.tick, effects: &consensusEffects)
      next += 1
      // Swap two buffers, so that neither is copied or allocated again.
      swap(&performing, &consensusEffects)
      for index in performing.indices { perform(performing[index]) }
      performing.removeAll(keepingCapacity: true)
    }
    queue.removeAll(keepingCapacity: true)
    isFeeding = false
  }

  private mutating func perform(_ effect: ConsensusEffect) {
    switch effect {
    case .vote(let statement):
      if stopped == nil, !isEpochOver, let reason = votes.own.say(statement, chain, &context) { stop(reason) }
    case .append(let certificate): append(certificate)
    case .broadcast(let certificate), .resendCertificate(let certificate):
      context.send(.certificate(certificate), to: .all)
    case .resend(let vote): votes.own.resend(vote, chain, &context)
    case .answer(let certificate, let validator):
      if let peer = context.configuration.peers.peer(validator) {
        context.send(.certificate(certificate), to: .peer(peer))
      }
    case .build(let round, let parent, let empty): proposals.build(round, on: parent, isEmptyWanted: empty)
    case .check(let proposal, let parent): proposals.check(proposal, on: parent)
    case .certify(let proposal, let parent): proposals.certify(proposal, on: parent)
    case .fetch(let request): fetch(request)
    case .enter(let view):
      context.notice(.enteredView(view))
      proposals.enter(context.round(view))
      votes.entered(context.round(view))
    case .finalized(let certificate): finalize(certificate)
    case .evidence(let evidence):
      context.notice(
        .equivocated(evidence.signer, first: evidence.first.statement, second: evidence.second.statement))
    case .ownKeyElsewhere(let statement): stop(.ownKeyElsewhere(statement))
    case .contradiction(let first, let second): stop(.contradiction(first.statement, second.statement))
    case .gaveUp(let view, let reason):
      context.notice(.gaveUp(view, reason: reason.words, isLeaders: reason.isLeaders))
      proposals.giveUp(context.round(view))
    }
  }

  private mutating func append(_ certificate: Certificate) {
    let height = certificate.statement.proposal.flatMap { chain.tree[$0.block]?.block.header.height } ?? .genesis
    context.append(PendingRecord(certificate, height: height))
  }

  /// Requests certificates from the validator that the consensus names, or from all peers if it names none or that one
  /// is not connected.
  private mutating func fetch(_ request: FetchRequest) {
    let peer = request.ask.flatMap { context.configuration.peers.peer($0) }
    let audience: Audience = if let peer, peers.connected.contains(peer) { .peer(peer) } else { .all }
    context.send(.fetchCertificates(of: request.epoch, from: request.first, to: request.last), to: audience)
  }

  private mutating func finalize(_ certificate: Certificate) {
    let round = certificate.round
    votes.own.close(through: round, context)
    proposals.finalized(round)
    blockSync.finalized(certificate)
    commitTarget()
    if !blockSync.isCatchingUp { proposals.discard(through: round, &chain) }
  }
}

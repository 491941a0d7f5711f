internal import Consensus
internal import Ledger
internal import Primitives

// Answers of the workers that verify signatures: each goes to the machine that asked.
extension Replica {
  mutating func finish(_ ticket: Ticket, _ results: [Bool]) {
    guard let work = context.tickets.finish(ticket) else { return }
    let allHold = results.allSatisfy { $0 }
    switch work {
    case .transactions(let incoming, let peer):
      admission.finish(incoming, results, from: peer, chain, &context)
      finished(ticket)
    case .vote(let vote, let peer): finish(vote, allHold, from: peer)
    case .proposal(let vote, let block, let peer):
      if allHold { keep(block, of: vote.statement.round) }
      finish(vote, allHold, from: peer)
    case .certificate(let certificate, let peer):
      if let input = votes.finish(certificate, allHold, from: peer, &context) { feed(input) }
      reconsider(certificate.statement)
    case .block(let round): _ = follow(proposals.finish(round, ticket, allHold, &chain, &context), round)
    case .range(let range, let peer): finish(range, allHold, from: peer)
    case .manifest(let manifest, let chunks, let peer):
      let certificate = stateSync.finish(
        manifest, chunks: chunks, allHold, from: peer, isStopped: stopped != nil,
        isNobodyLeft: blockSync.areFruitless(peers.connected), chain, &context)
      if let certificate { feed(.certificate(certificate)) }
    case .closings(let closings, let peer): finish(closings, allHold, from: peer)
    }
    if !allHold, let peer = work.source { giveUpChecks(of: peer) }
  }

  /// Gives up everything that waits to be checked of a peer that has sent an invalid signature. What others sent of the
  /// same is then checked for them.
  private mutating func giveUpChecks(of peer: PeerID) {
    context.effects.droppedChecks.append((peer, through: context.tickets.newest))
    for (ticket, work) in context.tickets.giveUp(of: peer) {
      switch work {
      case .transactions(let incoming, _):
        admission.giveUp(incoming, from: peer, &context)
        finished(ticket)
      case .vote(let vote, _), .proposal(let vote, _, _):
        votes.giveUp(vote)
        reconsider(vote.statement)
      case .certificate(let certificate, _):
        votes.giveUp(certificate)
        reconsider(certificate.statement)
      case .block, .range, .manifest, .closings: break  // No peer is their source.
      }
    }
  }

  /// Notes that a check of transactions is over.
  private mutating func finished(_ ticket: Ticket) {
    reportWork()
    proposals.finishAwaited(ticket)
  }

  private mutating func finish(_ vote: Vote, _ holds: Bool, from peer: PeerID) {
    if let input = votes.finish(vote, holds, from: peer, &context) { feed(input) }
    reconsider(vote.statement)
  }

  private mutating func reconsider(_ statement: Statement) {
    for sent in votes.reconsider(statement, consensus, &context) { receive(sent.certificate, from: sent.peer) }
  }

  /// Keeps the block that a leader proposed. A leader may sign any number of proposals; one of each round is kept, and
  /// another one that a quorum notarizes is fetched. The block may have become final elsewhere while the leader's
  /// signature was verified here; then it is one of the missing blocks. While the log is behind none is kept; what
  /// matters is fetched afterwards.
  private mutating func keep(_ block: Block, of round: Round) {
    guard !context.isLogBehind else { return }
    let isWanted = blockSync.found(block.digest)
    guard round > context.round(consensus.lastFinalized.view) || blockSync.isCatchingUp,
      !proposals.hasBlock(of: round) || isWanted
    else { return }
    proposals.keep(block, of: round, &chain)
  }

  private mutating func finish(_ range: VerifiedRange, _ allHold: Bool, from peer: PeerID) {
    guard blockSync.finish(range, allHold, from: peer, isStopped: stopped != nil, &chain, &context),
      let last = range.blocks.last
    else { return }
    stateSync.gave(peer, context.configuration)
    // If the certificate is newer than any known here, it becomes the target and is logged; the target may even be
    // reached.
    feed(.certificate(range.finalization))
    if stopped == nil, chain.committed.height < last.header.height { commit(range) }
    commitTarget()
  }
}

internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

/// Votes and certificates: which of those that peers send are verified, and the own ones from signing until their
/// records are durable.
///
/// It does not count them: what holds is returned as an input for the consensus.
struct Votes {
  private let signer: (any VoteSigner)?
  private var backlog = VerificationBacklog()
  /// Own votes that count once their record is durable, in log order.
  private var undurable: [(position: LogPosition, vote: Vote)] = []
  /// Position of the last own vote's record: repeated votes wait for it as well.
  private var lastPosition: LogPosition

  init(signer: (any VoteSigner)?, position: LogPosition) {
    self.signer = signer
    lastPosition = position
  }

  var undurableCount: Int { undurable.count }
  /// Votes and certificates put aside.
  var backlogCount: Int { backlog.count }

  // MARK: Own votes

  /// Signs a statement and sends it once its record is durable. Returns why not, if it cannot be signed.
  mutating func sign(
    _ statement: Statement, _ chain: borrowing Chain, _ context: inout StepContext
  ) -> StopReason? {
    guard let signer, let own = context.configuration.own else { return nil }
    do throws(SigningRefusal) {
      let vote = Vote(statement: statement, signer: own, signature: try signer.sign(statement))
      let height = statement.proposal.flatMap { chain.tree[$0.block]?.block.header.height } ?? .genesis
      lastPosition = context.append(PendingRecord(vote, height: height))
      undurable.append((lastPosition, vote))
      context.send(message(carrying: vote, chain, context), to: .all, after: lastPosition)
      return nil
    } catch {
      return .signing(error)
    }
  }

  func resend(_ vote: Vote, _ chain: borrowing Chain, _ context: inout StepContext) {
    context.send(message(carrying: vote, chain, context), to: .all, after: lastPosition)
  }

  /// The leader's notarize vote is the proposal and carries the block.
  private func message(
    carrying vote: Vote, _ chain: borrowing Chain, _ context: borrowing StepContext
  ) -> PeerMessage {
    if case .notarize(let proposal) = vote.statement,
      context.configuration.validators.leader(of: proposal.view) == vote.signer, let node = chain.tree[proposal.block]
    {
      return .proposal(vote, block: node.block.bytes)
    }
    return .vote(vote)
  }

  /// Removes the next own vote that counts now that the log is durable up to `position`.
  mutating func nextDurable(upTo position: LogPosition) -> Vote? {
    guard let first = undurable.first, first.position <= position else { return nil }
    return undurable.removeFirst().vote
  }

  /// Nothing at or below this round is signed any more.
  func close(through round: Round) { signer?.finalized(round) }

  /// A round became final: nothing is signed there, and votes that were put aside long before it are forgotten.
  mutating func finalized(_ round: Round) {
    close(through: round)
    guard round.view.rawValue > UInt64(Limits.retainedViews) else { return }
    let view = View(round.view.rawValue - UInt64(Limits.retainedViews))
    backlog.prune(below: Round(epoch: round.epoch, view: view))
  }

  // MARK: Votes of others

  /// Whether verifying the vote's signature can matter: right epoch and window, sent by its signer, and not too
  /// much of this peer's is being verified already. Everything else is dropped before it costs anything.
  private func isWorthChecking(
    _ vote: Vote, from peer: PeerID, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    let round = vote.statement.round
    return vote.signer == context.configuration.peers.validator(peer)
      && round.epoch == context.configuration.validators.epoch
      && round.view <= consensus.view.next ?? consensus.view && context.tickets.hasRoom(for: peer)
  }

  /// A vote came. Returns what the consensus is to hear at once.
  mutating func receive(
    _ vote: Vote, from peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> ConsensusInput? {
    guard isWorthChecking(vote, from: peer, consensus, context) else { return nil }
    let statement = vote.statement
    if consensus.hasForgotten(statement.round) { return .repeated(statement, by: vote.signer) }
    guard isEnough(for: statement, consensus, context), !consensus.contradicts(vote), !backlog.contradicts(vote) else {
      if !backlog.isChecking(vote) { verify(vote, from: peer, &context) }
      return nil
    }
    guard backlog.has(vote) || consensus.holds(vote) else {
      backlog.put(vote, from: peer)
      return nil
    }
    return consensus.isSettled(statement) ? .repeated(statement, by: vote.signer) : nil
  }

  /// Whether a vote with a block is the leader's proposal of a round that is not over.
  func isProposal(
    _ vote: Vote, from peer: PeerID, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    let view = vote.statement.view
    return isWorthChecking(vote, from: peer, consensus, context)
      && vote.signer == context.configuration.validators.leader(of: view) && view > consensus.lastFinalized.view
  }

  /// Whether the votes for `statement` that are counted or being verified decide it, if all of these hold.
  private func isEnough(
    for statement: Statement, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    if consensus.isSettled(statement) { return true }
    let quorum = context.configuration.validators.quorum.size
    return consensus.count(of: statement) + backlog.underWay(statement, quorum: quorum) >= quorum
  }

  /// Has a vote verified, and with it what its signer said otherwise and was put aside: that shows who contradicts
  /// itself.
  /// - Parameter block: what the vote proposes, if it came with it.
  mutating func verify(_ vote: Vote, proposing block: Block? = nil, from peer: PeerID, _ context: inout StepContext) {
    for other in backlog.removeContrary(to: vote) { verify(other.vote, from: other.peer, &context) }
    backlog.begin(vote)
    context.verify(
      [context.item(of: vote)], for: block.map { .proposal(vote, $0, from: peer) } ?? .vote(vote, from: peer))
  }

  /// A vote's signature is verified. Returns what the consensus is to hear.
  mutating func finish(
    _ vote: Vote, _ holds: Bool, from peer: PeerID, _ context: inout StepContext
  ) -> ConsensusInput? {
    backlog.end(vote)
    guard holds else {
      blame(peer, "vote.bad-signature", of: vote.statement, &context)
      return nil
    }
    return .vote(vote)
  }

  // MARK: Certificates

  /// A certificate is worth verifying unless an equal one is held or its view is final.
  private func isWorthChecking(
    _ certificate: Certificate, from peer: PeerID, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    let round = certificate.round
    return round.epoch == context.configuration.validators.epoch && round.view > consensus.lastFinalized.view
      && consensus.certificate(for: round, certificate.kind) == nil && context.tickets.hasRoom(for: peer)
  }

  /// A certificate came. Returns it for the consensus if all of its votes are known already.
  mutating func receive(
    _ certificate: Certificate, from peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> ConsensusInput? {
    guard isWorthChecking(certificate, from: peer, consensus, context),
      let items = context.items(of: certificate, from: peer)
    else { return nil }
    let statement = certificate.statement
    // A node that is a little behind gets its votes, and a copy from others, while they are being verified.
    guard !isEnough(for: statement, consensus, context) else {
      backlog.put(certificate, from: peer)
      return nil
    }
    // Most of its votes came here before it did.
    var unknown: [VerificationItem] = []
    for index in items.indices {
      let vote = Vote(
        statement: statement, signer: certificate.signers[index], signature: certificate.signatures[index])
      if !consensus.holds(vote) { unknown.append(items[index]) }
    }
    guard !unknown.isEmpty else { return .certificate(certificate) }
    backlog.beginCertificate(of: statement)
    context.verify(unknown, for: .certificate(certificate, from: peer))
    return nil
  }

  /// A certificate's signatures are verified. Returns what the consensus is to hear.
  mutating func finish(
    _ certificate: Certificate, _ holds: Bool, from peer: PeerID, _ context: inout StepContext
  ) -> ConsensusInput? {
    backlog.endCertificate(of: certificate.statement)
    guard holds else {
      blame(peer, "certificate.bad-signature", of: certificate.statement, &context)
      return nil
    }
    return .certificate(certificate)
  }

  /// After a check of `statement`: what was put aside for its sake is verified if it is needed after all, and is of no
  /// use if not. Returns the certificates that are to be received again.
  mutating func reconsider(
    _ statement: Statement, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> [SentCertificate] {
    while !isEnough(for: statement, consensus, context), let sent = backlog.nextVote(for: statement) {
      verify(sent.vote, from: sent.peer, &context)
    }
    guard consensus.isSettled(statement) || !isEnough(for: statement, consensus, context) else { return [] }
    return backlog.removeCertificates(of: statement)
  }

  private func blame(_ peer: PeerID, _ code: String, of statement: Statement, _ context: inout StepContext) {
    context.blame(peer, code, "a signature of a \(statement.kind) of view \(statement.view) does not hold")
  }
}

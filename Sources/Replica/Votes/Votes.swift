internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

/// Handles votes and certificates: decides which of those sent by peers are verified, and has the node's own votes.
///
/// It does not count votes: valid ones are returned as inputs for the consensus.
struct Votes {
  private var backlog = VerificationBacklog()
  /// Those of this node.
  var own: OwnVotes

  init(signer: (any VoteSigner)?) { own = OwnVotes(signer: signer) }

  /// The number of votes and certificates put aside.
  var backlogCount: Int { backlog.count }

  /// Begins an epoch: votes of the one before are of no use any more.
  mutating func beginEpoch(_ context: borrowing StepContext) {
    backlog = VerificationBacklog()
    own.beginEpoch(context)
  }

  /// Notes that a view was entered: of votes put aside only those of the newest views are kept.
  mutating func entered(_ round: Round) {
    guard round.view.rawValue > UInt64(Limits.asideViews) else { return }
    backlog.prune(below: Round(epoch: round.epoch, view: View(round.view.rawValue - UInt64(Limits.asideViews))))
  }

  // MARK: Votes of others

  /// Whether verifying the vote's signature can matter: its epoch and view are in range, its signer sent it, and not
  /// too much from this peer is already being verified. Everything else is dropped before it costs anything.
  private func isWorthChecking(
    _ vote: Vote, from peer: PeerID, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    let round = vote.statement.round
    return vote.signer == context.configuration.peers.validator(peer)
      && round.epoch == context.configuration.validators.epoch
      && round.view <= consensus.view.next ?? consensus.view && context.tickets.hasRoom(for: peer)
  }

  /// What to do with a received vote whose sender is its signer.
  private enum Treatment {
    case check
    case putAside
    /// It is being verified already, or it is known and its certificate is still missing.
    case ignore
    /// It says what is known already, or what is over; its signer may need help (R25).
    case help
    /// Its signer is known to contradict itself here, so it proves nothing new (R6).
    case blame
  }

  /// What to do with a vote. Its signer is the peer at the other end of the link, so that two contradictory statements
  /// are enough to blame that peer, and more are never verified.
  private func treatment(
    of vote: Vote, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Treatment {
    let statement = vote.statement
    if consensus.hasForgotten(statement.round) { return .help }
    if consensus.hasProvenContradiction(of: vote.signer, statement) { return .blame }
    if consensus.counts(statement, of: vote.signer) { return .help }
    let bearing = backlog.bearing(on: vote)
    if bearing.isChecking { return .ignore }
    let contrary = bearing.checkedContrary + (consensus.contradicts(vote) ? 1 : 0)
    if contrary > 1 { return .blame }
    if contrary == 1 || bearing.hasContraryAside || !isEnough(for: statement, consensus, context) { return .check }
    if !bearing.isAside, isRecent(statement, consensus) { return .putAside }
    return consensus.isSettled(statement) ? .help : .ignore
  }

  /// Whether a vote of this view may be put aside, so that the number of such votes is limited.
  private func isRecent(_ statement: Statement, _ consensus: borrowing Consensus) -> Bool {
    statement.view > consensus.view || consensus.view.rawValue - statement.view.rawValue < UInt64(Limits.asideViews)
  }

  /// Handles a received vote. Returns the input that the consensus must receive immediately, if any.
  mutating func receive(
    _ vote: Vote, from peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> ConsensusInput? {
    guard isWorthChecking(vote, from: peer, consensus, context) else { return nil }
    switch treatment(of: vote, consensus, context) {
    case .check: verify(vote, from: peer, &context)
    case .putAside: backlog.put(vote, from: peer)
    case .ignore: break
    case .help: return .repeated(vote.statement, by: vote.signer)
    case .blame: context.blame(peer, VoteFault.contradictory(vote.statement))
    }
    return nil
  }

  /// Whether a vote with a block is the leader's proposal for a round that is not over, and worth decoding the block:
  /// neither known already nor one more of a leader that contradicts itself.
  func isProposal(
    _ vote: Vote, from peer: PeerID, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    let view = vote.statement.view
    guard isWorthChecking(vote, from: peer, consensus, context),
      vote.signer == context.configuration.validators.leader(of: view), view > consensus.lastFinalized.view
    else { return false }
    switch treatment(of: vote, consensus, context) {
    case .check, .putAside: return true
    case .ignore, .help, .blame: return false
    }
  }

  /// Whether the votes for `statement` that are counted or being verified decide it, assuming that all of them are
  /// valid.
  private func isEnough(
    for statement: Statement, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    if consensus.isSettled(statement) { return true }
    let quorum = context.configuration.validators.quorum.size
    return consensus.count(of: statement) + backlog.underWay(statement, quorum: quorum) >= quorum
  }

  /// Has a vote verified, together with any contradictory votes of the same signer that were put aside, to show who
  /// contradicts itself.
  /// - Parameter block: the proposed block, if it came with the vote.
  mutating func verify(_ vote: Vote, proposing block: Block? = nil, from peer: PeerID, _ context: inout StepContext) {
    for other in backlog.removeContrary(to: vote) { verify(other.vote, from: other.peer, &context) }
    backlog.begin(vote)
    context.verify(
      [context.item(of: vote)], for: block.map { .proposal(vote, $0, from: peer) } ?? .vote(vote, from: peer))
  }

  /// Completes the verification of a vote's signature. Returns the input for the consensus.
  mutating func finish(
    _ vote: Vote, _ holds: Bool, from peer: PeerID, _ context: inout StepContext
  ) -> ConsensusInput? {
    backlog.end(vote)
    guard holds else {
      context.blame(peer, VoteFault.badSignature(vote.statement))
      return nil
    }
    return .vote(vote)
  }

  /// Notes that a vote that was being verified will not be, because its signer has sent an invalid signature.
  mutating func giveUp(_ vote: Vote) { backlog.end(vote) }

  /// The same for a certificate.
  mutating func giveUp(_ certificate: Certificate) { backlog.endCertificate(of: certificate.statement) }

  // MARK: Certificates

  /// Whether a certificate is worth verifying: its view is not final, and no certificate of its kind is held for the
  /// round.
  private func isWorthChecking(
    _ certificate: Certificate, from peer: PeerID, _ consensus: borrowing Consensus, _ context: borrowing StepContext
  ) -> Bool {
    let round = certificate.round
    return round.epoch == context.configuration.validators.epoch && round.view > consensus.lastFinalized.view
      && consensus.certificate(for: round, certificate.kind) == nil && context.tickets.hasRoom(for: peer)
  }

  /// Handles a received certificate. Returns it for the consensus if all of its votes are already known.
  mutating func receive(
    _ certificate: Certificate, from peer: PeerID, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> ConsensusInput? {
    guard isWorthChecking(certificate, from: peer, consensus, context),
      let items = context.items(of: certificate, from: peer)
    else { return nil }
    let statement = certificate.statement
    // A node that is slightly behind receives the votes, and copies of the certificate from others, while the votes are
    // being verified.
    guard !isEnough(for: statement, consensus, context) else {
      backlog.put(certificate, from: peer)
      return nil
    }
    // Most of the certificate's votes arrived here before it did.
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

  /// Completes the verification of a certificate's signatures. Returns the input for the consensus.
  mutating func finish(
    _ certificate: Certificate, _ holds: Bool, from peer: PeerID, _ context: inout StepContext
  ) -> ConsensusInput? {
    backlog.endCertificate(of: certificate.statement)
    guard holds else {
      context.blame(
        peer, "certificate.bad-signature",
        "a signature on a \(certificate.kind) certificate of view \(certificate.statement.view) is invalid")
      return nil
    }
    return .certificate(certificate)
  }

  /// Called after a verification for `statement`. Verifies votes that were put aside if they turn out to be needed
  /// after all. Returns the certificates that must be received again.
  mutating func reconsider(
    _ statement: Statement, _ consensus: borrowing Consensus, _ context: inout StepContext
  ) -> [SentCertificate] {
    while !isEnough(for: statement, consensus, context), let sent = backlog.nextVote(for: statement) {
      verify(sent.vote, from: sent.peer, &context)
    }
    guard consensus.isSettled(statement) || !isEnough(for: statement, consensus, context) else { return [] }
    return backlog.removeCertificates(of: statement)
  }

  func checkInvariants() {
    backlog.checkInvariants()
    own.checkInvariants()
  }
}

package import Primitives

/// Look-ups of votes and certificates, with which the caller decides what is worth verifying.
extension Consensus {
  /// A certificate held here, to answer a peer. Certificates of final views are kept for `Limits.retainedViews`.
  package func certificate(for round: Round, _ kind: Statement.Kind) -> Certificate? {
    round.epoch == configuration.epoch ? certificate(in: round.view, kind) : nil
  }

  func certificate(in view: View, _ kind: Statement.Kind) -> Certificate? {
    if kind == .finalize, let finalization, finalization.view == view { return finalization }
    guard let index = views.index(of: view) else { return nil }
    return views[index].certificate(kind)
  }

  /// Whether exactly this vote has been counted here, which means that its signature is valid.
  package func holds(_ vote: Vote) -> Bool {
    guard let index = views.index(of: vote.statement.view) else { return false }
    return views[index].tally(vote.statement.kind).vote(of: vote.signer) == vote
  }

  /// Whether a vote of this signer for this statement has been counted here, with whatever signature.
  package func counts(_ statement: Statement, of signer: ValidatorIndex) -> Bool {
    if Mutation.countSignerTwice.isOn { return false }
    guard let index = views.index(of: statement.view) else { return false }
    return views[index].tally(statement.kind).vote(of: signer)?.statement == statement
  }

  /// Whether the signer's votes of this kind count for nothing in this view, because two of its votes were found to
  /// contradict each other (R6).
  package func hasProvenContradiction(of signer: ValidatorIndex, _ statement: Statement) -> Bool {
    guard let index = views.index(of: statement.view) else { return false }
    return views[index].tally(statement.kind).excluded.contains(signer)
  }

  /// The certificates held for the requested views, in ascending order. If one of these views is final, the newest
  /// finalization comes first.
  package func certificates(answering request: FetchRequest) -> [Certificate] {
    guard request.epoch == configuration.epoch else { return [] }
    var found: [Certificate] = []
    if let finalization, request.first <= finalization.view { found.append(finalization) }
    let first = views.position(of: max(request.first, lastFinalized.view.next ?? lastFinalized.view))
    for state in views.states[first...].prefix(Int(FetchRequest.views)) where state.view <= request.last {
      if let notarization = state.notarization { found.append(notarization) }
      if let nullification = state.nullification { found.append(nullification) }
    }
    return found
  }

  /// The number of counted votes for `statement`.
  package func count(of statement: Statement) -> Int {
    guard let index = views.index(of: statement.view) else { return 0 }
    return views[index].tally(statement.kind).count(of: statement)
  }

  /// The validators whose notarize votes in this round show that they have the block: those of the notarization, or
  /// those whose votes were counted.
  package func holders(of block: Digest, in round: Round) -> [ValidatorIndex] {
    guard round.epoch == configuration.epoch, let index = views.index(of: round.view) else { return [] }
    if let notarization = views[index].notarization, notarization.statement.proposal?.block == block {
      return notarization.signers
    }
    return views[index].notarizes.signers { $0.proposal?.block == block }
  }

  /// Whether the votes of this round have been forgotten. True only for a round that is over.
  package func hasForgotten(_ past: Round) -> Bool {
    past < round && (past.epoch != configuration.epoch || views.index(of: past.view) == nil)
  }

  /// Whether no further vote for `statement` can change anything, because its certificate is held or its round is
  /// final.
  package func isSettled(_ statement: Statement) -> Bool {
    if statement.round <= Round(epoch: configuration.epoch, view: lastFinalized.view) { return true }
    return certificate(for: statement.round, statement.kind)?.statement == statement
  }

  /// Whether a counted vote of the same signer contradicts this one.
  package func contradicts(_ vote: Vote) -> Bool {
    guard let index = views.index(of: vote.statement.view) else { return false }
    return Statement.Kind.allCases.contains { kind in
      views[index].tally(kind).vote(of: vote.signer)?.statement.contradicts(vote.statement) ?? false
    }
  }
}

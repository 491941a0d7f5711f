package import Primitives

/// Certificates: each is kept, passed on once, and moves the machine.
extension Consensus {
  /// A certificate, received or assembled here (R9).
  mutating func learn(_ certificate: Certificate, _ effects: inout [ConsensusEffect]) {
    let statement = certificate.statement
    guard statement.epoch == configuration.epoch, statement.view > lastFinalized.view,
      certificate.hasQuorum(of: configuration.validators),
      statement.proposal.map({ $0.parent < $0.view }) ?? true
    else { return }
    if let own, certificate.signers.contains(own) { suspect(statement, &effects) }
    let known = rounds.index(of: statement.view)
    if known == nil, certificate.kind != .finalize, statement.view <= rounds.closed { return }
    if let known {
      if let other = rounds[known].contradiction(to: certificate) {
        stopVoting()
        effects.append(.contradiction(other, certificate))
        return
      }
      if rounds[known].certificate(certificate.kind) != nil { return }
    }
    let index = rounds.open(statement.view, leader: configuration.leader(of: statement.view))
    rounds[index].store(certificate)
    effects.append(.append(certificate))
    effects.append(.broadcast(certificate))
    switch statement {
    case .notarize(let proposal): notarized(proposal, &effects)
    case .nullify(_, let view): nullified(view, &effects)
    case .finalize(let proposal, _): finalized(proposal, certificate, &effects)
    }
    boundMemory()
  }

  /// A notarization alone never ends a view; one of a higher view shows that a quorum is there (R10).
  private mutating func notarized(_ proposal: Proposal, _ effects: inout [ConsensusEffect]) {
    if proposal.view > view { enter(proposal.view, &effects) }
  }

  /// The view is over. A certification of it that runs goes on: the next leader may build on it (R11).
  private mutating func nullified(_ nullified: View, _ effects: inout [ConsensusEffect]) {
    if nullified >= view, let next = nullified.next { enter(next, &effects) }
  }

  /// The view's block and all its ancestors are final (R12).
  private mutating func finalized(
    _ proposal: Proposal, _ certificate: Certificate, _ effects: inout [ConsensusEffect]
  ) {
    finalization = certificate
    lastFinalized = BlockReference(view: proposal.view, block: proposal.block)
    if highestUsable.view <= proposal.view { highestUsable = lastFinalized }
    effects.append(.finalized(certificate))
    if proposal.view >= view, let next = proposal.view.next { enter(next, &effects) }
    let retained = UInt64(Limits.retainedViews)
    if proposal.view.rawValue > retained { rounds.prune(below: View(proposal.view.rawValue - retained)) }
  }

  /// The best certificate to bring others into the current view (R18).
  package var enteringCertificate: Certificate? {
    let before = View(view.rawValue - 1)
    if before == lastFinalized.view, let finalization { return finalization }
    let current = rounds[existing: view].notarization
    guard let index = rounds.index(of: before) else { return current }
    return rounds[index].nullification ?? current ?? rounds[index].notarization
  }
}

package import Primitives

/// Certificates: each is kept, moves the machine, and is passed on to those who may lack it.
extension Consensus {
  /// A certificate, received or assembled here (R9).
  mutating func learn(_ certificate: Certificate, _ effects: inout [ConsensusEffect]) {
    let statement = certificate.statement
    guard statement.view > lastFinalized.view, certificate.hasQuorum(of: configuration.validators),
      statement.proposal.map({ $0.parent < $0.view }) ?? true
    else { return }
    if let own, certificate.signers.contains(own) { suspect(statement, &effects) }
    let known = views.index(of: statement.view)
    if known == nil, certificate.kind != .finalize, statement.view <= views.closed { return }
    if let known {
      if let other = views[known].contradiction(to: certificate) {
        stopVoting()
        effects.append(.contradiction(other, certificate))
        return
      }
      if views[known].certificate(certificate.kind) != nil { return }
    }
    let index = views.open(statement.view, leader: leader(of: statement.view))
    views[index].store(certificate)
    effects.append(.append(certificate))
    if leadsNext(after: certificate) { effects.append(.broadcast(certificate)) }
    switch statement {
    case .notarize(let proposal): notarized(proposal, &effects)
    case .nullify(_, let view): nullified(view, &effects)
    case .finalize(let proposal, _): finalized(proposal, certificate, &effects)
    }
    boundMemory()
  }

  /// Whether this validator leads the view that a notarization or nullification leads to: its proposal stands on it, so it
  /// passes it on before. From all others it would be a copy that hardly anybody lacks (R9).
  private func leadsNext(after certificate: Certificate) -> Bool {
    guard certificate.kind != .finalize, let next = certificate.view.next else { return false }
    return leader(of: next) == own
  }

  /// The leader of a view that is given up may not have passed on what leads to it: those who said nothing in the view get
  /// it now (R9).
  mutating func bringAlong(_ effects: inout [ConsensusEffect]) {
    guard let certificate = enteringCertificate else { return }
    for validator in configuration.validators.indices {
      guard validator != own, !hasSpoken(validator, in: view),
        !(view.next.map { hasSpoken(validator, in: $0) } ?? false)
      else { continue }
      effects.append(.answer(certificate, to: validator))
    }
  }

  private func hasSpoken(_ validator: ValidatorIndex, in view: View) -> Bool {
    views.index(of: view).map { views[$0].voters.contains(validator) } ?? false
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
    // The last view that the number holds has none behind it: it is entered itself, as what is below is let go.
    let next = proposal.view.next ?? proposal.view
    if next > view { enter(next, &effects) }
    let retained = UInt64(Limits.retainedViews)
    if proposal.view.rawValue > retained { views.prune(below: View(proposal.view.rawValue - retained)) }
  }

  /// The best certificate to bring others into the current view (R18).
  package var enteringCertificate: Certificate? {
    let before = View(view.rawValue - 1)
    if before == lastFinalized.view, let finalization { return finalization }
    let current = views[existing: view].notarization
    guard let index = views.index(of: before) else { return current }
    return views[index].nullification ?? current ?? views[index].notarization
  }
}

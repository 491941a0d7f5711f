package import Primitives

/// Certificates: each one is stored, advances the machine, and is passed on to validators that may lack it.
extension Consensus {
  /// Handles a certificate that was received or assembled here (R9).
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

  /// Whether this validator leads the view that a notarization or nullification leads to. Its proposal depends on the
  /// certificate, so it sends the certificate ahead. From any other validator this would be a copy that hardly anyone
  /// lacks (R9).
  private func leadsNext(after certificate: Certificate) -> Bool {
    guard certificate.kind != .finalize, let next = certificate.view.next else { return false }
    return leader(of: next) == own
  }

  /// Sends the certificate for entering the current view to all who said nothing in it: the leader of a view that is
  /// given up may not have forwarded this certificate (R9).
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

  /// A notarization alone never ends a view, but one of a higher view shows that a quorum has entered that view
  /// (R10).
  private mutating func notarized(_ proposal: Proposal, _ effects: inout [ConsensusEffect]) {
    if proposal.view > view { enter(proposal.view, &effects) }
  }

  /// Ends the view. A certification of it that is under way continues, because the next leader may build on it (R11).
  private mutating func nullified(_ nullified: View, _ effects: inout [ConsensusEffect]) {
    if nullified >= view, let next = nullified.next { enter(next, &effects) }
  }

  /// Makes the view's block and all its ancestors final (R12).
  private mutating func finalized(
    _ proposal: Proposal, _ certificate: Certificate, _ effects: inout [ConsensusEffect]
  ) {
    finalization = certificate
    lastFinalized = BlockReference(view: proposal.view, block: proposal.block)
    if highestUsable.view <= proposal.view { highestUsable = lastFinalized }
    effects.append(.finalized(certificate))
    // The highest view number has no successor, so that view itself is entered; the views below it are dropped.
    let next = proposal.view.next ?? proposal.view
    if next > view { enter(next, &effects) }
    let retained = UInt64(Limits.retainedViews)
    if proposal.view.rawValue > retained { views.prune(below: View(proposal.view.rawValue - retained)) }
  }

  /// The best certificate for bringing others into the current view (R18).
  package var enteringCertificate: Certificate? {
    let before = View(view.rawValue - 1)
    if before == .genesis { return configuration.openingCertificate ?? views[existing: view].notarization }
    if before == lastFinalized.view, let finalization { return finalization }
    let current = views[existing: view].notarization
    guard let index = views.index(of: before) else { return current }
    return views[index].nullification ?? current ?? views[index].notarization
  }
}

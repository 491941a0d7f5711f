package import Primitives

/// Restoring the machine from the log, and the permission to vote.
extension Consensus {
  /// Creates a machine that continues where the log ends (R28, R29). The first step sends the stored votes again.
  package init(
    _ configuration: ConsensusConfiguration, restored log: RestoredConsensus = RestoredConsensus(), now: Tick
  ) {
    let restored = log.limited(to: configuration.epoch)
    self.configuration = configuration
    self.now = now
    peers = PeerActivity(validators: configuration.validators.count, now: now)
    patience = Patience(configuration.validators)
    view = View(1)
    lastFinalized = BlockReference(view: .genesis, block: configuration.openingBlock)
    highestUsable = lastFinalized
    voting = configuration.own == nil ? .observing : .listening

    let finalizations =
      restored.certificates.filter { $0.kind == .finalize } + [restored.finalization].compactMap(\.self)
    if let newest = finalizations.max(by: { $0.view < $1.view }), let proposal = newest.statement.proposal {
      finalization = newest
      lastFinalized = BlockReference(view: newest.view, block: proposal.block)
      highestUsable = lastFinalized
      let index = views.open(newest.view, leader: leader(of: newest.view))
      views[index].store(newest)
      views[index].certification = .none
      view = newest.view.next ?? newest.view
    }
    if case .complete(let bar) = restored.memory { allowVoting(above: bar) }
    restoreCertificates(restored.certificates)
    restoreVotes(restored.ownVotes)
    restoreUnsigned(restored.unsigned)
    restoreCertified()
    _ = views.open(view, leader: leader(of: view))
    if views[existing: view].own.nullified { views[existing: view].gaveUp = .restored }
    boundMemory()
  }

  private mutating func restoreCertificates(_ certificates: [Certificate]) {
    for certificate in certificates where certificate.view > lastFinalized.view {
      let index = views.open(certificate.view, leader: leader(of: certificate.view))
      if views[index].certificate(certificate.kind) != nil { continue }
      views[index].store(certificate)
      let entered = certificate.kind == .notarize ? certificate.view : certificate.view.next
      view = max(view, entered ?? view)
    }
  }

  private mutating func restoreVotes(_ votes: [Vote]) {
    for vote in votes where vote.signer == own && vote.statement.view > lastFinalized.view {
      let index = views.open(vote.statement.view, leader: leader(of: vote.statement.view))
      guard views[index].own.restore(vote) else {
        // The log contradicts itself. Whatever wrote it, this node no longer knows what it said.
        voting = .stopped
        continue
      }
      _ = views[index].add(vote)
      restored(vote.statement, at: index)
    }
  }

  /// What was perhaps said binds this node, whoever has the signature. What contradicts a vote was not said.
  private mutating func restoreUnsigned(_ statements: [Statement]) {
    guard own != nil else { return }
    for statement in statements where statement.view > lastFinalized.view {
      let index = views.open(statement.view, leader: leader(of: statement.view))
      if views[index].own.restore(statement) { restored(statement, at: index) }
    }
  }

  private mutating func restored(_ statement: Statement, at index: Int) {
    view = max(view, statement.view)
    if case .notarize(let proposal) = statement {
      if views[index].slot == .none { views[index].slot = .verified(proposal) }
      views[index].building = .done
    }
  }

  /// An own finalize vote proves that the block was executed. All other notarized blocks are executed again.
  private mutating func restoreCertified() {
    for index in views.positions(above: lastFinalized.view) {
      if case .finalize(let proposal, let result) = views[index].own.finalized { restoreCertified(proposal, result) }
    }
  }

  private mutating func restoreCertified(_ proposal: Proposal, _ result: Digest) {
    guard let index = views.index(of: proposal.view), views[index].certification == .waiting(proposal) else { return }
    views[index].certification = .yes(proposal, result: result)
    if proposal.view > highestUsable.view {
      highestUsable = BlockReference(view: proposal.view, block: proposal.block)
    }
    view = max(view, proposal.view.next ?? view)
  }

  /// Runs before the first input: sends this node's stored votes and the certificate for entering the current view
  /// (R29).
  mutating func start(_ effects: inout [ConsensusEffect]) {
    for index in views.positions(above: lastFinalized.view) {
      for kind in Statement.Kind.allCases {
        guard let own, let certificate = views[index].certificate(kind), certificate.signers.contains(own) else {
          continue
        }
        suspect(certificate.statement, &effects)
      }
    }
    let votes = views.positions(above: lastFinalized.view).flatMap { views[$0].own.stored }
    effects.append(contentsOf: votes.map { .resend($0) })
    if own != nil, let entering = enteringCertificate { effects.append(.resendCertificate(entering)) }
    // With a quorum of one, the log may hold a vote without its certificate, and no vote of another validator will complete
    // it.
    for vote in votes {
      guard let index = views.index(of: vote.statement.view), vote.statement.view > lastFinalized.view else {
        continue
      }
      if let certificate = views[index].completed(by: vote, quorum: quorum.size) { learn(certificate, &effects) }
    }
    for index in views.positions(above: lastFinalized.view) { finalizeIfAllowed(views[index].view, &effects) }
  }

  /// Ends listening. A bar of an earlier epoch forbids no view of this one; a bar of a later epoch forbids all.
  mutating func allowVoting(above bar: Round) {
    guard voting == .listening, bar.epoch <= configuration.epoch else { return }
    voting = .above(bar.epoch == configuration.epoch ? bar.view : .genesis)
  }

  mutating func stopVoting() {
    guard voting != .observing else { return }
    voting = .stopped
  }
}

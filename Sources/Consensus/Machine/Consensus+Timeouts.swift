import Primitives

/// Time: when it runs, what it does, and what is said again.
extension Consensus {
  /// Whether there is work (R13): without it no timer runs and nothing is sent.
  package var hasWork: Bool {
    if transactionsWait || highestUsable.view > lastFinalized.view { return true }
    let state = views[existing: view]
    if state.slot != .none || state.isBuilding { return true }
    if state.voters.count(without: own) > quorum.faults { return true }
    return views.positions(above: lastFinalized.view).contains { views[$0].certification.isPending }
  }

  /// Starts and stops the view's timers with the work, and gives up at once where waiting is pointless (R15).
  mutating func keepTime(_ effects: inout [ConsensusEffect]) {
    guard mayVote(in: view), hasWork else {
      pacemaker.disarm()
      return
    }
    let state = views[existing: view]
    if !pacemaker.isArmed {
      let delta = Pacemaker.delta(
        base: configuration.deltaMicroseconds, cap: configuration.maximumDeltaMicroseconds,
        views: view.rawValue - lastFinalized.view.rawValue)
      pacemaker.arm(delta: delta, leading: state.leader == own, now: now)
      if state.gaveUp != nil { pacemaker.stop() }
    }
    if state.slot != .none { pacemaker.proposalSeen() }
    if state.leader != own || state.slot != .none || !state.own.mayNotarize { pacemaker.proposed() }
    guard state.gaveUp == nil else { return }
    let absence = state.slot == .none ? peers.absence(of: state.leader, own: own, quorum: quorum.size) : nil
    // Half of Δ: a link that is made anew at once costs no view.
    pacemaker.leaderAbsent(until: absence?.advanced(byMicroseconds: configuration.deltaMicroseconds / 2))
    if state.leader != own, state.nullifies.signers.contains(state.leader) {
      giveUp(.leaderNullified, &effects)
    } else if state.nullifies.signers.count(without: own) > quorum.faults {
      giveUp(.othersGaveUp, &effects)
    } else if state.slot == .none,
      peers.isSilent(
        state.leader, own: own, quorum: quorum.size, silence: configuration.silenceMicroseconds, now: now)
    {
      giveUp(.leaderSilent, &effects)
    }
  }

  /// Gives the current view up, once, and says so unless finalize was said (R18, R21).
  mutating func giveUp(_ reason: TimeoutReason, _ effects: inout [ConsensusEffect]) {
    guard mayVote(in: view), views[existing: view].gaveUp == nil else { return }
    views[existing: view].gaveUp = reason
    pacemaker.stop()
    effects.append(.gaveUp(view, reason))
    bringAlong(&effects)
    if views[existing: view].own.mayNullify {
      cast(.nullify(epoch: configuration.epoch, view: view), &effects)
    }
  }

  /// Lets due deadlines act. Those of a view that was left are gone, so none can act late (C3).
  mutating func fire(_ effects: inout [ConsensusEffect]) {
    pacemaker.spendHalf(now: now)
    if Mutation.staleTimer.isOn, pacemaker.expired(now: now) != nil, view > lastFinalized.view.next ?? view {
      effects.append(.vote(.nullify(epoch: configuration.epoch, view: View(view.rawValue - 1))))
    }
    if let reason = pacemaker.expired(now: now) { giveUp(reason, &effects) }
    if let resend = pacemaker.resend, resend <= now {
      pacemaker.resend(at: nil)
      sendAgain(&effects)
    }
  }

  /// Own votes that still wait for an outcome: a view's certificate of that kind, a nullification, or a later
  /// finalization ends it (R24).
  private func isOpen(_ vote: Vote, in state: ViewState) -> Bool {
    switch vote.statement.kind {
    case .notarize: state.notarization == nil && state.nullification == nil
    case .nullify: state.nullification == nil
    case .finalize: state.nullification == nil
    }
  }

  /// Whether something said here still waits for an outcome, and there is work.
  private var hasOpenVotes: Bool {
    guard case .above = voting, hasWork else { return false }
    if views[existing: view].gaveUp != nil { return true }
    return views.positions(above: lastFinalized.view).contains { index in
      views[index].own.stored.contains { isOpen($0, in: views[index]) }
    }
  }

  mutating func scheduleResend() {
    if Mutation.neverResend.isOn { return }
    if !hasOpenVotes {
      pacemaker.resend(at: nil)
    } else if pacemaker.resend == nil {
      pacemaker.resend(at: now.advanced(byMicroseconds: configuration.retryMicroseconds))
    }
  }

  /// The most votes sent again at once; newer views come first into the share.
  static let resentVotes = 64

  private mutating func sendAgain(_ effects: inout [ConsensusEffect]) {
    guard hasOpenVotes else { return }
    var votes: [Vote] = []
    for index in views.positions(above: lastFinalized.view).reversed() where votes.count < Self.resentVotes {
      votes.append(contentsOf: views[index].own.stored.reversed().filter { isOpen($0, in: views[index]) })
    }
    effects.append(contentsOf: votes.reversed().map { .resend($0) })
    guard views[existing: view].gaveUp != nil else { return }
    let entering = enteringCertificate
    if let entering { effects.append(.resendCertificate(entering)) }
    // Whoever lacks the block that this node would build on cannot follow its proposals.
    if highestUsable.view > lastFinalized.view,
      let notarization = certificate(in: highestUsable.view, .notarize), notarization != entering
    {
      effects.append(.resendCertificate(notarization))
    }
  }
}

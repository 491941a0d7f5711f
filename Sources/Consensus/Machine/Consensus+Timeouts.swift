import Primitives

/// Timers: when they run, what they do, and what is sent again.
extension Consensus {
  /// Whether there is work (R13). Without work no timer runs and nothing is sent.
  package var hasWork: Bool {
    if transactionsWait || isCarrying { return true }
    let state = views[existing: view]
    if state.slot != .none || state.isBuilding { return true }
    if state.voters.count(without: own) > quorum.faults { return true }
    return views.positions(above: lastFinalized.view).contains { views[$0].certification.isPending }
  }

  /// Starts and stops the view's timers as work comes and goes, and gives the view up immediately when waiting is
  /// pointless (R15).
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
      pacemaker.arm(delta: delta, leading: state.leader == own, short: shortWait(for: state.leader, delta), now: now)
      if state.gaveUp != nil { pacemaker.stop() }
    }
    if state.slot != .none { pacemaker.proposalSeen() }
    pacemaker.supported(
      until: unseenProposal(state).map { _ in now.advanced(byMicroseconds: configuration.deltaMicroseconds / 4) })
    if state.leader != own || state.slot != .none || !state.own.mayNotarize { pacemaker.proposed() }
    guard state.gaveUp == nil else { return }
    let absence = state.slot == .none ? peers.absence(of: state.leader, own: own, quorum: quorum.size) : nil
    // Half of Δ, so that a link that is restored quickly does not cost a view.
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

  /// The short wait for a leader on probation (R15). Once no view became final for a while, all get the full waits: then
  /// the network may be slower than it was.
  private func shortWait(for leader: ValidatorIndex, _ delta: UInt64) -> UInt64? {
    guard leader != own, view.rawValue - lastFinalized.view.rawValue <= UInt64(quorum.faults + 2) else { return nil }
    return patience.shortWait(for: leader, delta: delta, now: now)
  }

  /// Gives up the current view, once, and votes nullify unless this node voted finalize (R18, R21).
  mutating func giveUp(_ reason: TimeoutReason, _ effects: inout [ConsensusEffect]) {
    guard mayVote(in: view), views[existing: view].gaveUp == nil else { return }
    views[existing: view].gaveUp = reason
    if let waited = pacemaker.waited(now) {
      patience.gaveUp(leader(of: view), after: waited, delta: configuration.deltaMicroseconds, now: now)
    }
    pacemaker.stop()
    effects.append(.gaveUp(view, reason))
    bringAlong(&effects)
    if views[existing: view].own.mayNullify {
      cast(.nullify(epoch: configuration.epoch, view: view), &effects)
    }
  }

  /// Acts on due deadlines. The deadlines of a view that was left are gone, so none can act late (C3).
  mutating func fire(_ effects: inout [ConsensusEffect]) {
    pacemaker.spendHalf(now: now)
    pacemaker.spendSupport(now: now)
    adopt()
    if Mutation.staleTimer.isOn, pacemaker.expired(now: now) != nil, view > lastFinalized.view.next ?? view {
      effects.append(.vote(.nullify(epoch: configuration.epoch, view: View(view.rawValue - 1))))
    }
    if let reason = pacemaker.expired(now: now) { giveUp(reason, &effects) }
    if let resend = pacemaker.resend, resend <= now {
      pacemaker.resend(at: nil)
      sendAgain(&effects)
    }
  }

  /// Whether there is work and something that this node said is still undecided.
  private var hasOpenVotes: Bool {
    guard case .above = voting, hasWork else { return false }
    if views[existing: view].gaveUp != nil { return true }
    return views.positions(above: lastFinalized.view).contains { views[$0].hasOpenVote }
  }

  mutating func scheduleResend() {
    if Mutation.neverResend.isOn { return }
    if !hasOpenVotes {
      pacemaker.resend(at: nil)
    } else if pacemaker.resend == nil {
      pacemaker.resend(at: now.advanced(byMicroseconds: configuration.retryMicroseconds))
    }
  }

  /// The maximum number of votes sent again at a time; those of the newest views take precedence.
  static let resentVotes = 64

  private mutating func sendAgain(_ effects: inout [ConsensusEffect]) {
    guard hasOpenVotes else { return }
    var votes: [Vote] = []
    for index in views.positions(above: lastFinalized.view).reversed() where votes.count < Self.resentVotes {
      votes.append(contentsOf: views[index].openVotes.reversed())
    }
    effects.append(contentsOf: votes.reversed().map { .resend($0) })
    guard views[existing: view].gaveUp != nil else { return }
    let entering = enteringCertificate
    if let entering { effects.append(.resendCertificate(entering)) }
    // A validator that lacks the block on which this node would build cannot follow its proposals.
    if highestUsable.view > lastFinalized.view,
      let notarization = certificate(in: highestUsable.view, .notarize), notarization != entering
    {
      effects.append(.resendCertificate(notarization))
    }
  }
}

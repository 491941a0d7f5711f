import Primitives

/// Execution of notarized blocks, and the finalize votes that follow.
extension Consensus {
  /// Asks for the execution of every notarized block whose parent has become usable, lowest view first (R19). A block
  /// that waits is "not yet", never "no".
  mutating func resumeCertifications(_ effects: inout [ConsensusEffect]) {
    for index in views.positions(above: lastFinalized.view) {
      guard case .waiting(let proposal) = views[index].certification else { continue }
      if proposal.parent < lastFinalized.view {
        // The block can never be executed: a final view lies between its parent and it. More than f validators are
        // faulty.
        views[index].certification = .no(proposal)
      } else if let parent = usable(proposal.parent) {
        views[index].certification = .running(proposal)
        effects.append(.certify(proposal, parent: parent))
      }
    }
  }

  /// Handles the answer to `.certify`; `result` is nil if the block can never be executed.
  mutating func certified(_ proposal: Proposal, _ result: Digest?, _ effects: inout [ConsensusEffect]) {
    guard proposal.view > lastFinalized.view, let index = views.index(of: proposal.view),
      views[index].certification == .running(proposal)
    else { return }
    guard let result else {
      views[index].certification = .no(proposal)
      if proposal.view == view { giveUp(.certificationFailed, &effects) }
      return
    }
    views[index].certification = .yes(proposal, result: result)
    if proposal.view > highestUsable.view {
      highestUsable = BlockReference(view: proposal.view, block: proposal.block)
    }
    finalizeIfAllowed(proposal.view, &effects)
    guard proposal.view == view, let next = view.next else { return }
    if views[index].gaveUp == nil, let waited = pacemaker.waited(now) {
      patience.certified(leader(of: view), after: waited, delta: configuration.deltaMicroseconds, now: now)
    }
    enter(next, &effects)
    // Those who gave the view up lack its proposal or its votes, and cannot enter the next one by themselves (R25).
    let givenUp = Statement.nullify(epoch: configuration.epoch, view: proposal.view)
    let signers = views[existing: proposal.view].nullifies.signers
    guard signers.count(without: own) > 0 else { return }
    for signer in signers.members where signer != own { help(signer, after: givenUp, &effects) }
  }

  /// Votes finalize in a certified view, even one that was left long ago, unless this node gave it up, its leader
  /// equivocated, or a nullification shows that it can never be final (R21).
  mutating func finalizeIfAllowed(_ view: View, _ effects: inout [ConsensusEffect]) {
    let state = views[existing: view]
    guard case .yes(let proposal, let result) = state.certification, state.own.mayFinalize,
      state.slot != .equivocated, state.nullification == nil, mayVote(in: view)
    else { return }
    cast(.finalize(proposal, result: result), &effects)
  }
}

import Primitives

/// Another leader's proposal: from its vote to the own notarize.
extension Consensus {
  /// Looks at the current view's proposal (R16). What is missing makes it "not yet"; it is looked at again
  /// after every input.
  mutating func follow(_ effects: inout [ConsensusEffect]) {
    let state = views[existing: view]
    guard case .unverified(let proposal) = state.slot, state.leader != own, mayNotarize(state) else { return }
    guard proposal.parent >= lastFinalized.view else {
      views[existing: view].slot = .refused(proposal)
      giveUp(.invalidProposal, &effects)
      return
    }
    guard missing(above: proposal.parent, below: view) == nil, let parent = usable(proposal.parent) else { return }
    views[existing: view].slot = .checking(proposal)
    effects.append(.check(proposal, parent: parent))
  }

  /// Whether a notarize may still be said in this view and can still matter.
  func mayNotarize(_ state: ViewState) -> Bool {
    state.own.mayNotarize && state.gaveUp == nil && state.notarization == nil && mayVote(in: state.view)
  }

  /// The answer to a check, of the own block as of any other (C5).
  mutating func checked(_ proposal: Proposal, _ valid: Bool, _ effects: inout [ConsensusEffect]) {
    guard let index = views.index(of: proposal.view), views[index].slot == .checking(proposal) else { return }
    guard valid else {
      views[index].slot = .refused(proposal)
      if proposal.view == view { giveUp(views[index].leader == own ? .buildFailed : .invalidProposal, &effects) }
      return
    }
    views[index].slot = .verified(proposal)
    guard proposal.view == view, mayNotarize(views[index]) else { return }
    cast(.notarize(proposal), &effects)
  }
}

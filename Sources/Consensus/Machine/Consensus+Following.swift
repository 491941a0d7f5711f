import Primitives

/// Following another leader: from its proposal to this node's notarize vote.
extension Consensus {
  /// Checks the current view's proposal (R16). While something is missing the answer is "not yet", and the proposal
  /// is checked again after every input.
  mutating func follow(_ effects: inout [ConsensusEffect]) {
    let state = views[existing: view]
    guard case .unverified(let proposal) = state.slot, state.leader != own, mayNotarize(state) else { return }
    guard proposal.parent >= lastFinalized.view else {
      state.slot = .refused(proposal)
      giveUp(.invalidProposal, &effects)
      return
    }
    guard missing(above: proposal.parent, below: view) == nil, let parent = usable(proposal.parent) else { return }
    state.slot = .checking(proposal)
    effects.append(.check(proposal, parent: parent))
  }

  /// A proposal that f + 1 validators voted for, although the leader sent this node none or a different one. One of them
  /// is honest, and has it from the leader (R7).
  func unseenProposal(_ state: ViewState) -> Proposal? {
    guard state.leader != own, state.notarization == nil, state.gaveUp == nil,
      let proposal = state.notarizes.statement(of: quorum.faults + 1)?.proposal, proposal != state.slot.proposal
    else { return nil }
    return proposal
  }

  /// Takes the unseen proposal for the leader's once the wait for it is over, if the leader sent none.
  mutating func adopt() {
    let state = views[existing: view]
    if pacemaker.supportSpent, state.slot == .none, let proposal = unseenProposal(state) {
      state.slot.propose(proposal)
    }
  }

  /// Whether a notarize vote in this view is still allowed and can still matter.
  func mayNotarize(_ state: ViewState) -> Bool {
    state.own.mayNotarize && state.gaveUp == nil && state.notarization == nil && mayVote(in: state.view)
  }

  /// Handles the answer to a check. The node's own block is checked like any other (C5).
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

import Primitives

/// Another leader's proposal: from its vote to the own notarize.
extension Consensus {
  /// Looks at the current view's proposal (R16). What is missing makes it "not yet"; it is looked at again
  /// after every input.
  mutating func follow(_ effects: inout [ConsensusEffect]) {
    let round = rounds[existing: view]
    guard case .unverified(let proposal) = round.slot, round.leader != own, mayNotarize(round) else { return }
    guard proposal.parent >= lastFinalized.view else {
      rounds[existing: view].slot = .refused(proposal)
      giveUp(.invalidProposal, &effects)
      return
    }
    guard missing(above: proposal.parent, below: view) == nil, let parent = usable(proposal.parent) else { return }
    rounds[existing: view].slot = .checking(proposal)
    effects.append(.check(proposal, parent: parent))
  }

  /// Whether a notarize may still be said in this view and can still matter.
  func mayNotarize(_ round: Round) -> Bool {
    round.own.mayNotarize && round.gaveUp == nil && round.notarization == nil && mayVote(in: round.view)
  }

  /// The answer to a check, of the own block as of any other (C5).
  mutating func checked(_ proposal: Proposal, _ valid: Bool, _ effects: inout [ConsensusEffect]) {
    guard let index = rounds.index(of: proposal.view), rounds[index].slot == .checking(proposal) else { return }
    guard valid else {
      rounds[index].slot = .refused(proposal)
      if proposal.view == view { giveUp(rounds[index].leader == own ? .buildFailed : .invalidProposal, &effects) }
      return
    }
    rounds[index].slot = .verified(proposal)
    guard proposal.view == view, mayNotarize(rounds[index]) else { return }
    cast(.notarize(proposal), &effects)
  }
}

import Primitives

/// What is known of a view's proposal.
enum ProposalSlot: Equatable, Sendable {
  case none
  /// The leader said it; it was not looked at, or something to look at it with is missing.
  case unverified(Proposal)
  /// The node was asked whether its block is valid.
  case checking(Proposal)
  case verified(Proposal)
  /// It is not valid, for good.
  case refused(Proposal)
  /// The leader said two things, or a quorum notarized another one than it told us.
  case equivocated

  var proposal: Proposal? {
    switch self {
    case .none, .equivocated: nil
    case .unverified(let proposal), .checking(let proposal), .verified(let proposal), .refused(let proposal): proposal
    }
  }

  /// The leader proposed `proposal`, as its vote or a notarization shows.
  mutating func propose(_ proposal: Proposal) {
    switch self {
    case .none: self = .unverified(proposal)
    case .equivocated: break
    default: if self.proposal != proposal { self = .equivocated }
    }
  }
}

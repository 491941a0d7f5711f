import Primitives

/// What is known about a view's proposal.
enum ProposalSlot: Equatable, Sendable {
  case none
  /// The leader proposed it. It has not been checked yet, or something needed to check it is missing.
  case unverified(Proposal)
  /// The node was asked whether the block is valid.
  case checking(Proposal)
  case verified(Proposal)
  /// The block is invalid. This is final.
  case refused(Proposal)
  /// The leader sent two proposals, or a quorum notarized a different one from the one it sent this node.
  case equivocated

  var proposal: Proposal? {
    switch self {
    case .none, .equivocated: nil
    case .unverified(let proposal), .checking(let proposal), .verified(let proposal), .refused(let proposal): proposal
    }
  }

  /// Records that the leader proposed `proposal`, as its vote or a notarization shows.
  mutating func propose(_ proposal: Proposal) {
    switch self {
    case .none: self = .unverified(proposal)
    case .equivocated: break
    default: if self.proposal != proposal { self = .equivocated }
    }
  }
}

package import Primitives

/// Where the machine stands, for people: what it waits for, in one line of numbers.
package struct ConsensusStatus: Hashable, Sendable {
  package enum Waiting: Hashable, Sendable {
    /// Nothing to do.
    case idle
    /// The own block is being built.
    case build
    /// A nullification or a parent below the current view is missing here.
    case parent
    case proposal
    /// The own check of the proposal's block.
    case check
    /// Notarize votes: the most that agree, of how many needed.
    case notarization(votes: Int, of: Int)
    /// The execution of the notarized block, or of its parent.
    case execution
    /// The view was given up: nullify votes, of how many needed.
    case nullification(votes: Int, of: Int)
  }

  package var view: View
  package var leader: ValidatorIndex
  package var lastFinalized: BlockReference
  package var highestUsable: BlockReference
  /// Whether this node may vote in the current view.
  package var votes: Bool
  package var waiting: Waiting
}

extension Consensus {
  package var status: ConsensusStatus {
    ConsensusStatus(
      view: view, leader: leader, lastFinalized: lastFinalized, highestUsable: highestUsable,
      votes: mayVote(in: view), waiting: waiting)
  }

  private var waiting: ConsensusStatus.Waiting {
    let state = views[existing: view]
    if state.certification.isPending { return .execution }
    if state.gaveUp != nil { return .nullification(votes: state.nullifies.largest, of: quorum.size) }
    if state.isBuilding { return .build }
    switch state.slot {
    case .none:
      if wantedBlock != nil { return .parent }
      return hasWork ? .proposal : .idle
    case .unverified: return .parent
    case .checking: return .check
    case .verified, .refused, .equivocated:
      return .notarization(votes: state.notarizes.largest, of: quorum.size)
    }
  }
}

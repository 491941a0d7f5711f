import Primitives

/// Requests for certificates that are missing here and hold something up.
extension Consensus {
  mutating func fetch(_ effects: inout [ConsensusEffect]) {
    let request = fetching.request(
      missingForProposal ?? missingForCertification ?? missingForLeading ?? missingForView,
      every: configuration.retryMicroseconds, now: now)
    if let request { effects.append(.fetch(request)) }
  }

  /// The certificates without which the current view's proposal stays "not yet" (R16). The leader must have them.
  private var missingForProposal: FetchRequest? {
    let state = views[existing: view]
    guard case .unverified(let proposal) = state.slot, state.leader != own, mayNotarize(state),
      proposal.parent >= lastFinalized.view
    else { return nil }
    if lacksNotarization(proposal.parent) {
      return request(proposal.parent...proposal.parent, of: state.leader)
    }
    return missing(above: proposal.parent, below: view).map { request($0, of: state.leader) }
  }

  /// The notarization without which a notarized block cannot be executed (R19). Whoever voted for the block had its
  /// parent.
  private var missingForCertification: FetchRequest? {
    for index in views.positions(above: lastFinalized.view) {
      guard case .waiting(let proposal) = views[index].certification, lacksNotarization(proposal.parent) else {
        continue
      }
      let ask = views[index].notarization?.signers.first { $0 != own }
      return request(proposal.parent...proposal.parent, of: ask)
    }
    return nil
  }

  /// The certificates without which this leader cannot build (R17), from the lowest view up.
  private var missingForLeading: FetchRequest? {
    guard wantedBlock != nil, case .notYet(let gap) = parentToBuildOn else { return nil }
    if let index = views.index(of: gap), views[index].certification.isPending { return nil }
    return missing(above: highestUsable.view, below: view).map { request($0, of: nil) }
  }

  /// The notarization of the current view if others have it, as their finalize votes show, or if the leader sent this
  /// node a different proposal. Without it this node cannot leave the view with them, and a vote that it lacks may have
  /// been withheld (R7, R22).
  private var missingForView: FetchRequest? {
    let state = views[existing: view]
    guard state.notarization == nil else { return nil }
    if state.finalizes.signers.count(without: own) > 0 {
      return request(view...view, of: state.finalizes.signers.members.first { $0 != own })
    }
    guard pacemaker.supportSpent, let proposal = unseenProposal(state) else { return nil }
    let ask = holders(of: proposal.block, in: round).first { $0 != state.leader && $0 != own }
    return request(view...view, of: ask)
  }

  private func request(_ views: ClosedRange<View>, of validator: ValidatorIndex?) -> FetchRequest {
    FetchRequest(epoch: configuration.epoch, first: views.lowerBound, last: views.upperBound, ask: validator)
  }

  private func lacksNotarization(_ view: View) -> Bool {
    guard view > lastFinalized.view else { return false }
    return views.index(of: view).map { views[$0].notarization == nil } ?? true
  }

  /// The lowest run of views above `base` and below `end` that have no nullification here; at most
  /// `FetchRequest.views`. O(tracked views), however far apart the two are.
  func missing(above base: View, below end: View) -> ClosedRange<View>? {
    if Mutation.skipNullifications.isOn { return nil }
    var expected = base
    var first: View?
    for index in views.positions(above: base) {
      let state = views[index]
      guard state.view < end else { break }
      if let next = expected.next, next < state.view, let gap = views.gap(from: next, to: state.view) {
        first = first ?? gap
      }
      if views.isNullified(state.view) {
        if let first { return limited(first, before: state.view) }
      } else {
        first = first ?? state.view
      }
      expected = state.view
    }
    if let next = expected.next, next < end, let gap = views.gap(from: next, to: end) { first = first ?? gap }
    return first.flatMap { limited($0, before: end) }
  }

  private func limited(_ first: View, before end: View) -> ClosedRange<View> {
    let last = end.rawValue - 1
    return first...View(first.rawValue + min(last - first.rawValue, FetchRequest.views - 1))
  }
}

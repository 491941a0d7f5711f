import Primitives

/// Certificates that are missing here and that something waits for.
extension Consensus {
  mutating func fetch(_ effects: inout [ConsensusEffect]) {
    let request = fetching.request(
      missingForProposal ?? missingForCertification ?? missingForLeading,
      every: configuration.retryMicroseconds, now: now)
    if let request { effects.append(.fetch(request)) }
  }

  /// What keeps the current view's proposal "not yet" (R16): its leader must have it.
  private var missingForProposal: FetchRequest? {
    let round = rounds[existing: view]
    guard case .unverified(let proposal) = round.slot, round.leader != own, mayNotarize(round),
      proposal.parent >= lastFinalized.view
    else { return nil }
    if lacksNotarization(proposal.parent) {
      return FetchRequest(first: proposal.parent, last: proposal.parent, ask: round.leader)
    }
    return missing(above: proposal.parent, below: view).map {
      FetchRequest(first: $0.lowerBound, last: $0.upperBound, ask: round.leader)
    }
  }

  /// What keeps a notarized block from being executed (R19): whoever voted for it had its parent.
  private var missingForCertification: FetchRequest? {
    for index in rounds.positions(above: lastFinalized.view) {
      guard case .waiting(let proposal) = rounds[index].certification, lacksNotarization(proposal.parent) else {
        continue
      }
      let ask = rounds[index].notarization?.signers.first { $0 != own }
      return FetchRequest(first: proposal.parent, last: proposal.parent, ask: ask)
    }
    return nil
  }

  /// What keeps this leader from building (R17), from the lowest view up.
  private var missingForLeading: FetchRequest? {
    guard wantedBlock != nil, case .notYet(let gap) = parentToBuildOn else { return nil }
    if let index = rounds.index(of: gap), rounds[index].certification.isPending { return nil }
    return missing(above: highestUsable.view, below: view).map {
      FetchRequest(first: $0.lowerBound, last: $0.upperBound, ask: nil)
    }
  }

  private func lacksNotarization(_ view: View) -> Bool {
    guard view > lastFinalized.view else { return false }
    return rounds.index(of: view).map { rounds[$0].notarization == nil } ?? true
  }

  /// The lowest run of views between the two that have no nullification here; at most `FetchRequest.views`.
  /// O(rounds), however far apart the two are.
  func missing(above base: View, below end: View) -> ClosedRange<View>? {
    #if DEBUG
      if Mutation.current == .skipNullifications { return nil }
    #endif
    var expected = base
    var first: View?
    for index in rounds.positions(above: base) {
      let round = rounds[index]
      guard round.view < end else { break }
      if let next = expected.next, next < round.view, let gap = rounds.gap(from: next, to: round.view) {
        first = first ?? gap
      }
      if rounds.isNullified(round.view) {
        if let first { return limited(first, before: round.view) }
      } else {
        first = first ?? round.view
      }
      expected = round.view
    }
    if let next = expected.next, next < end, let gap = rounds.gap(from: next, to: end) { first = first ?? gap }
    return first.flatMap { limited($0, before: end) }
  }

  private func limited(_ first: View, before end: View) -> ClosedRange<View> {
    let last = end.rawValue - 1
    return first...View(first.rawValue + min(last - first.rawValue, FetchRequest.views - 1))
  }
}

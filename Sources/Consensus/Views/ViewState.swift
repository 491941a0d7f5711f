import Primitives

/// The state of one view: the proposal, the votes, the certificates, and what this validator said.
///
/// A class, because it is large and looked at after every input: reading a struct of this size copies it. Only the view
/// window holds it, and the machine cannot be copied, so nothing else sees it change.
final class ViewState {
  /// The progress of the block that this validator builds for a view that it leads.
  enum Building: Equatable, Sendable {
    case none
    case requested(BlockReference)
    /// There was nothing to build. The node is asked again when there is.
    case declined
    case done
  }

  let view: View
  let leader: ValidatorIndex
  var slot = ProposalSlot.none
  var certification = Certification.none
  var building = Building.none
  var own = OwnVotes()
  /// The first reason why this node gave the view up.
  var gaveUp: TimeoutReason?

  private(set) var notarization: Certificate?
  private(set) var nullification: Certificate?
  private(set) var finalization: Certificate?
  private(set) var notarizes = VoteTally()
  private(set) var nullifies = VoteTally()
  private(set) var finalizes = VoteTally()
  /// All who cast any vote in this view.
  private(set) var voters = SignerSet()

  init(view: View, leader: ValidatorIndex) {
    self.view = view
    self.leader = leader
  }

  /// The block of this view if it is notarized and executed here, so that another may be built on it (R3).
  var usable: BlockReference? {
    guard case .yes(let proposal, _) = certification else { return nil }
    return BlockReference(view: view, block: proposal.block)
  }

  /// Whether an own block was requested and has been neither delivered nor declined.
  var isBuilding: Bool {
    guard case .requested = building else { return false }
    return true
  }

  /// Whether something that this node said here is still undecided (R24). A notarize is decided by a notarization or
  /// nullification of its view, the others by a nullification; a final view is decided in any case.
  var hasOpenVote: Bool { own.stored.contains(where: isOpen) }

  /// The own votes that are still undecided, in the order in which they were cast.
  var openVotes: [Vote] { own.stored.filter(isOpen) }

  private func isOpen(_ vote: Vote) -> Bool {
    nullification == nil && (vote.statement.kind != .notarize || notarization == nil)
  }

  func certificate(_ kind: Statement.Kind) -> Certificate? {
    switch kind {
    case .notarize: notarization
    case .nullify: nullification
    case .finalize: finalization
    }
  }

  func tally(_ kind: Statement.Kind) -> VoteTally {
    switch kind {
    case .notarize: notarizes
    case .nullify: nullifies
    case .finalize: finalizes
    }
  }

  /// Counts a vote (R5, R6).
  func add(_ vote: Vote) -> VoteTally.Intake {
    voters.insert(vote.signer)
    switch vote.statement.kind {
    case .notarize:
      return notarizes.add(vote)
    case .nullify:
      if let earlier = finalizes.vote(of: vote.signer) { return excludeClosing(earlier) }
      return nullifies.add(vote)
    case .finalize:
      if let earlier = nullifies.vote(of: vote.signer) { return excludeClosing(earlier) }
      return finalizes.add(vote)
    }
  }

  /// Excludes a signer that voted both nullify and finalize: neither vote counts.
  private func excludeClosing(_ earlier: Vote) -> VoteTally.Intake {
    nullifies.exclude(earlier.signer)
    finalizes.exclude(earlier.signer)
    return .conflict(with: earlier)
  }

  /// The certificate that this vote completes, if the view has none of its kind yet (R8).
  func completed(by vote: Vote, quorum: Int) -> Certificate? {
    guard certificate(vote.statement.kind) == nil else { return nil }
    switch vote.statement.kind {
    case .notarize: return notarizes.certificate(of: vote.statement, quorum: quorum)
    case .nullify: return nullifies.certificate(of: vote.statement, quorum: quorum)
    case .finalize: return finalizes.certificate(of: vote.statement, quorum: quorum)
    }
  }

  /// A certificate held here that cannot exist beside `certificate` unless more than f validators are faulty.
  func contradiction(to certificate: Certificate) -> Certificate? {
    switch certificate.statement {
    case .notarize(let proposal):
      if let notarization, notarization.statement != certificate.statement { return notarization }
      if let finalization, finalization.statement.proposal != proposal { return finalization }
    case .nullify:
      return finalization
    case .finalize(let proposal, _):
      if let nullification { return nullification }
      if let finalization, finalization.statement != certificate.statement { return finalization }
      if let notarization, notarization.statement.proposal != proposal { return notarization }
    }
    return nil
  }

  func store(_ certificate: Certificate) {
    switch certificate.statement {
    case .notarize(let proposal):
      notarization = certificate
      slot.propose(proposal)
      if certification == .none { certification = .waiting(proposal) }
    case .nullify:
      nullification = certificate
    case .finalize:
      finalization = certificate
    }
  }

  func checkInvariants() {
    notarizes.checkInvariants()
    nullifies.checkInvariants()
    finalizes.checkInvariants()
    own.checkInvariants()
    precondition(notarization != nil || certification == .none, "view \(view) is certified without a notarization")
    precondition(nullification == nil || finalization == nil, "view \(view) is nullified and finalized")
    for certificate in [notarization, nullification, finalization] {
      precondition(certificate?.view ?? view == view, "view \(view) holds a certificate of another view")
    }
  }
}

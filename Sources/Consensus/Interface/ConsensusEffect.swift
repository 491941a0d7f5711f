package import Primitives

/// Something that the machine wants done. Effects are carried out in the order in which they are returned. They are
/// plain values, so that tests can compare them.
package enum ConsensusEffect: Equatable, Sendable {
  /// Sign the vote and append it to the log. Once it is durable, send it to all and feed it back as `.vote`. The
  /// leader's own notarize is its proposal and is sent together with the block.
  case vote(Statement)
  /// Append to the log without waiting.
  case append(Certificate)
  /// Send to all, once: when the certificate first becomes known here and leads to a view that this validator leads.
  case broadcast(Certificate)
  /// Send the stored bytes of an own vote to all again.
  case resend(Vote)
  /// Send to all, to bring validators that are behind into the current view.
  case resendCertificate(Certificate)
  /// Send to one validator, which repeats votes of a view that is over here, or said nothing in a view that was given
  /// up.
  case answer(Certificate, to: ValidatorIndex)
  /// Build a block for this round on `parent`. If `empty` is set, the block only carries finality forward and need
  /// not contain a transaction.
  case build(Round, parent: BlockReference, empty: Bool)
  /// Decide whether this proposal's block is valid on `parent`. The node's own proposal is checked as well (C5).
  case check(Proposal, parent: BlockReference)
  /// Fetch the block if it is missing, make it durable and execute it on `parent`.
  case certify(Proposal, parent: BlockReference)
  /// Ask for certificates. Repeated at the retry interval while they are missing.
  case fetch(FetchRequest)
  case enter(View)
  /// `lastFinalized` rose to the view of this finalization. The ancestors of its block are final as well.
  case finalized(Certificate)
  /// A validator contradicted itself. Reported at most once per validator, view and kind.
  indirect case evidence(Evidence)
  /// A vote or certificate carries this node's own signature under a statement that its log does not contain: the key
  /// is in use twice. Voting has stopped (C9).
  case ownKeyElsewhere(Statement)
  /// Two certificates that cannot both exist with at most f faulty validators. Voting has stopped.
  indirect case contradiction(Certificate, Certificate)
  /// This node gave up the current view. For counters and logs.
  case gaveUp(View, TimeoutReason)
}

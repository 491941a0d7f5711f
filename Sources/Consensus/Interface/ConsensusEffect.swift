package import Primitives

/// What the machine wants done, in this order. Values only, so tests compare them.
package enum ConsensusEffect: Equatable, Sendable {
  /// Sign, append to the log, and when that is durable send to all and feed back as `.vote`. The leader's own
  /// notarize is its proposal and travels with the block.
  case vote(Statement)
  /// Append to the log without waiting.
  case append(Certificate)
  /// Send to all; once, when it is first known here and leads to a view that this validator leads.
  case broadcast(Certificate)
  /// Send the stored bytes of an own vote to all again.
  case resend(Vote)
  /// Send to all: it brings those behind into the current view.
  case resendCertificate(Certificate)
  /// Send to one validator: it repeats votes of a view that is over here, or said nothing in one that is given up.
  case answer(Certificate, to: ValidatorIndex)
  /// Build a block for this round on `parent`; `empty`: it carries finality forward, and need hold nothing.
  case build(Round, parent: BlockReference, empty: Bool)
  /// Is this proposal's block valid on `parent`? Asked for the own proposal too (C5).
  case check(Proposal, parent: BlockReference)
  /// Fetch the block if it is missing, make it durable, execute it on `parent`.
  case certify(Proposal, parent: BlockReference)
  /// Ask for certificates. Repeated at the retry interval while they are missing.
  case fetch(FetchRequest)
  case enter(View)
  /// `lastFinalized` rose to this finalization's view; its ancestors are final with it.
  case finalized(Certificate)
  /// A validator contradicted itself. Reported once per validator, view and kind.
  case evidence(Evidence)
  /// A vote or certificate carries the own signature under something this log does not know: the key runs
  /// twice. Voting has stopped (C9).
  case ownKeyElsewhere(Statement)
  /// Two certificates that cannot both exist with at most f faulty validators. Voting has stopped.
  case contradiction(Certificate, Certificate)
  /// The current view was given up here; for counters and logs.
  case gaveUp(View, TimeoutReason)
}

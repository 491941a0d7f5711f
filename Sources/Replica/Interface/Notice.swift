package import Primitives

/// Something people want to know: the shell logs and counts it.
package enum Notice: Sendable {
  case enteredView(View)
  case gaveUp(View, reason: String)
  /// A peer sent something no correct node sends. The shell closes the link.
  case misbehaved(PeerID, code: String, explanation: String)
  /// Two contradicting statements by one validator.
  case equivocated(ValidatorIndex, first: Statement, second: Statement)
  /// This node has stopped voting.
  case stoppedVoting(StopReason)
  case listening
  case votingResumed(above: Round)
  case catchingUp(from: Height, to: View)
  case caughtUp(Height)
  /// The state of a height is fetched from peers, in so many chunks, of which some may be here already.
  case joining(Height, chunks: Int, here: Int)
  /// The node stands on the state of a height that it fetched.
  case joined(Height)
  /// Waiting transactions that can no longer enter a block: expired, or a key or member is no longer good.
  case dropped([Digest])
  case rejectedBlock(View, code: String, explanation: String)
}

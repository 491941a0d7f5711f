package import Primitives

/// Something that people want to know; the shell logs and counts it.
package enum Notice: Sendable {
  case enteredView(View)
  /// A view of the running epoch ended without a block here.
  /// - Parameter isLeaders: whether the reason speaks against the leader.
  case gaveUp(View, reason: String, isLeaders: Bool)
  /// A peer sent something that no correct node sends. The shell closes the link.
  case misbehaved(PeerID, code: String, explanation: String)
  /// A peer sends so much that is of no use that the shell must not read its link until this tick.
  case wasteful(PeerID, until: Tick)
  /// One validator made two contradictory statements.
  case equivocated(ValidatorIndex, first: Statement, second: Statement)
  /// A peer says that another process uses this node's key.
  case keyReported(by: PeerID)
  /// This node has stopped voting.
  case stoppedVoting(StopReason)
  /// The signer cannot be used: the node does not vote until it can.
  case signerAway(SigningRefusal)
  /// The signer is used again, and signed what waited for it.
  case signerBack
  /// The signer refuses a statement for good, so the node does not make it.
  case signerDeclined(Statement, SigningRefusal)
  case listening
  /// The last block of the epoch before was committed.
  case beganEpoch(RunningEpoch)
  /// The log says durably that this node generated a vote key, so the key may be made known.
  case recordedKey(PublicKey)
  case votingResumed(above: Round)
  case catchingUp(from: Height, to: View)
  case caughtUp(Height)
  /// The state at a height is being fetched from peers in `chunks` chunks, of which `here` are already present.
  case joining(Height, chunks: Int, here: Int)
  /// The node now continues from the fetched state of this height.
  case joined(Height)
  /// The state of this height is not being fetched any more: it came too slowly, could not be loaded, or is not needed.
  case joinEnded(Height)
  /// Waiting transactions that can no longer enter a block: they have expired, or a key or member is no longer valid.
  case dropped([Digest])
  case rejectedBlock(Round, code: String, explanation: String)
  /// The time of a block was too far ahead of this node's clock.
  case timeAhead(Round, milliseconds: UInt64)
}

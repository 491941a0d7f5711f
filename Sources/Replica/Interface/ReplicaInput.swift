package import Primitives

/// Everything that can happen to a replica.
package enum ReplicaInput: Sendable {
  /// A frame from an authenticated peer.
  case frame(from: PeerID, bytes: [UInt8])
  /// The size of a frame from an authenticated peer that another part of the node handles, and that is a question or of
  /// no use to it.
  case waste(from: PeerID, bytes: Int)
  /// Signed transactions from clients of this node.
  case submit([Submission])
  /// The answer to a verification request: for each item, whether the signature was found valid. After the first
  /// invalid one of a request that ends there, the others count as invalid.
  case verified(Ticket, [Bool])
  /// Records up to this position are durable.
  case durable(LogPosition)
  /// The log can no longer be written.
  case logFailed(String)
  /// A snapshot that was being fetched when the node stopped: its manifest, and the chunks that are already here.
  case resumeSnapshot(manifest: [UInt8], chunks: Set<Int>)
  /// A snapshot whose chunks were all here could not be loaded; it was removed and must be fetched again.
  case snapshotFailed(Height)
  case connected(PeerID)
  case disconnected(PeerID)
  /// A peer says that it is linked to another process that uses this node's key.
  case keyReported(by: PeerID)
  /// The node generated a vote key, which lies beside its own.
  case newKey(PublicKey)
  /// The node destroyed a vote key.
  case droppedKey(PublicKey)
  /// The answer to a signing request.
  case signed(SigningRequest, Result<Signature, SigningRefusal>)
  /// The signer cannot be used for a while.
  case signerAway(SigningRefusal)
  /// The signer may be used again.
  case signerBack
  /// A damaged part of the log was rewritten, with a record of this meaning in the place of what is not known any more.
  case repaired(VoidMeaning)
  /// Time has passed: `nextDeadline` was reached.
  case tick
}

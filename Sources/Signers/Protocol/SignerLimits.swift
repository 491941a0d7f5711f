internal import Primitives

/// Bounds on what the two ends of a signer's socket make each other hold or wait for.
package enum SignerLimits {
  /// Of the protocol: both ends must be of the same.
  package static let version: UInt16 = 1
  /// Bytes of a frame to a node's signer, to a member's signer, and from either.
  package static let voteRequestBytes = 1024
  package static let transactionRequestBytes = Limits.transactionBytes + 64
  package static let answerBytes = 64 << 10
  /// Bytes of how a client describes itself, and of the text in a refusal.
  package static let descriptionBytes = 200
  /// The newest statements that a signer names when a node starts.
  package static let saidStatements = 512
  /// Connections at the same time.
  package static let connections = 16
  /// Milliseconds for which no connection is taken after there was no room for one.
  package static let deafMilliseconds: UInt64 = 1000
  /// Milliseconds for a hello to come, and for the rest of a frame whose first byte is there.
  package static let frameMilliseconds = 5000
  /// Milliseconds after which a member's connection without requests is closed.
  package static let idleMilliseconds = 60_000
  /// Milliseconds that a node waits for a signature, and for anything else.
  package static let signatureMilliseconds: UInt64 = 1000
  package static let answerMilliseconds: UInt64 = 10_000
}

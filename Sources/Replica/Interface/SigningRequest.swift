package import Primitives

/// A statement to be signed by a key that is not in this process. Requests are answered in order.
package struct SigningRequest: Equatable, Sendable {
  package var statement: Statement
  /// One of the node's vote keys, that of the statement's epoch.
  package var key: PublicKey
  /// Once a signer was away, nothing more is signed in that attempt, so that nothing is signed before what was decided
  /// earlier.
  package var attempt: UInt64
}

package import Primitives

/// Signs this validator's statements.
///
/// Deliberately not limited to classes, although all conforming types are classes: with a field of unknown layout,
/// Swift passes `Replica` by address; otherwise it copies its four kilobytes for many a call that only looks something
/// up.
package protocol VoteSigner: Sendable {
  /// Whether the keys are in another process or device, so that signing takes time. The replica then asks for signatures
  /// by its effects, and whoever carries them out calls `sign`; otherwise the replica does.
  var isElsewhere: Bool { get }
  /// Signs a statement with one of the node's vote keys, that of the statement's epoch.
  func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature
  /// Notes that nothing at or below this round will be signed again.
  func finalized(_ round: Round)
}

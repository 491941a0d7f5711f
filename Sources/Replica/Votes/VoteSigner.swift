package import Primitives

/// Signs the own validator's statements. Called by the replica's loop only.
///
/// Not bound to classes, although all are: with a field that may be of any layout Swift passes `Replica` by address, and
/// else copies its four kilobytes for many a call that only looks something up.
package protocol VoteSigner: Sendable {
  func sign(_ statement: Statement) throws(SigningRefusal) -> Signature
  /// Nothing at or below this round will be signed again.
  func finalized(_ round: Round)
}

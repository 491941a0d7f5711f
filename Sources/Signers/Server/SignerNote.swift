package import Ledger
package import Primitives

/// What a signer's operator wants to know.
package enum SignerNote: Sendable {
  case nodeCame(String)
  case nodeLeft(String)
  case refused(String, SignerRefusal)
  /// A connection of another user of the machine, by the user's number, was closed.
  case strangerRefused(user: UInt32)
  /// The system has no room for another connection, for the reason that it gives.
  case noRoom(String)
  /// The disk keeps nothing, so nothing is signed.
  case diskFailed(String)
  case diskBack
  /// The key cannot be used, so nothing is signed.
  case keyAway(String)
  case keyBack
  /// The node's next key is another one.
  case newKey(PublicKey)
  case keySucceeded(PublicKey)
  case signed(TransactionDraft)
}

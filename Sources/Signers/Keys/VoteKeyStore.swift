package import Ledger
package import Primitives
package import Replica

/// Where a node's vote keys are kept: the present one, and the next, which lies beside it until the chain names it (protocol
/// rules R45 to R47). Nobody outside has the private halves.
///
/// Every method can be called again after it failed, and after it succeeded without the caller learning of it. Threads may
/// share it; `sign` returns within `SignerLimits.signatureMilliseconds`, whatever else the store is asked.
package protocol VoteKeyStore: Sendable {
  /// Whether the keys are in another process or device, so that signing takes time and may fail for a while.
  var isElsewhere: Bool { get }
  /// The keys, after ending a change that was interrupted and dropping a key that was not completed. To be called once, before
  /// anything else.
  func read() throws(KeyStoreFault) -> HeldKeys
  /// Generates a key that `complete` makes the next one. It can sign at once.
  func generate() throws(KeyStoreFault) -> PublicKey
  /// Makes the generated key the next one; throws `gone` if nobody has it any more.
  func complete(_ key: PublicKey) throws(KeyStoreFault)
  /// Puts the next key in the place of the present one, which is destroyed.
  /// - Returns: why the old one could not be destroyed, although the next is in its place; nil if it was.
  func succeed(by next: PublicKey) throws(KeyStoreFault) -> KeyStoreFault?
  /// Signs a statement. Whoever calls this asked a guard before.
  func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature
  /// Signs, in the validator's name, that the key is there (protocol rule R44).
  func prove(_ key: PublicKey, for validator: Name) throws(KeyStoreFault) -> KeyProof
  /// Notes that nothing at or below this round will be signed again.
  func finalized(_ round: Round)
  /// What was signed above the last final round that is known there, as of `read`.
  var said: [Statement] { get }
  /// The pause in microseconds before `tend` is due; nil if it need not be called.
  var pause: UInt64? { get }
  /// Does what is needed so that the store can be used, and says whether that has changed.
  func tend() -> StoreChange?
  /// Notes that a vote could not be signed, so that `tend` says when the store can be used again.
  func missedVote()
}

// What is always there needs no attention.
extension VoteKeyStore {
  package var isElsewhere: Bool { false }
  package var said: [Statement] { [] }
  package var pause: UInt64? { nil }
  package func tend() -> StoreChange? { nil }
  package func missedVote() {}
}

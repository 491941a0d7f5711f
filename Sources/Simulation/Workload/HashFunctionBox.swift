internal import Cryptography
internal import Ledger
internal import Primitives

/// Holds a hash function, which is not copyable, for a copyable value.
final class HashFunctionBox {
  private var hash: HashFunction

  init(_ suite: Suite) { hash = HashFunction(suite) }

  func draft(_ operations: [Operation], validUntil: Timestamp, nonce: UInt64, chain: ChainContext) -> TransactionDraft?
  {
    try? TransactionDraft(operations: operations, validUntil: validUntil, nonce: nonce, chain: chain, hash: &hash)
  }

  func assemble(_ draft: TransactionDraft) -> SignedTransaction? { try? draft.assemble(hash: &hash) }
}

import Cryptography
import Ledger
import Primitives
import TestHarness

/// Transactions with made-up keys and signatures.
extension Samples {
  static func key(_ number: UInt64) -> PublicKey {
    PublicKey(prefix: 2, body: Digest(number, number &+ 1, number &+ 2, number &+ 3))
  }

  static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))

  /// A made-up signature that only has the right form.
  static func signature(_ member: String, _ number: UInt64) -> TransactionSignature {
    let half = Digest(number, 0, 0, 1)
    return TransactionSignature(member: name(member), key: key(number), signature: Signature(first: half, second: half))
  }

  static func draft(_ operations: [Operation], nonce: UInt64 = 42) throws -> TransactionDraft {
    var hash = HashFunction(chain.suite)
    var draft = try TransactionDraft(
      operations: operations, validUntil: Timestamp(1_900_000_000_000), nonce: nonce, chain: chain, hash: &hash)
    draft.add(signature("bank-b", 2))
    draft.add(signature("bank-a", 1))
    return draft
  }

  /// Distinct transactions with one transfer each.
  static func transactions(_ count: Int) throws -> [SignedTransaction] {
    var hash = HashFunction(chain.suite)
    var transactions: [SignedTransaction] = []
    for nonce in 0..<UInt64(count) {
      let transfer = Operation.assetTransfer(
        asset: name("eur"), from: account("bank-a"), to: account("bank-b/x"), amount: Amount(1 + 1))
      transactions.append(try draft([transfer], nonce: nonce).assemble(hash: &hash))
    }
    return transactions
  }
}

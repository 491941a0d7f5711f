import Cryptography
import Ledger
import Primitives
import Testing

/// Fixed values that several tests and the golden vectors share.
enum Samples {
  static func name(_ text: String) throws -> Name { try #require(Name(text)) }
  static func account(_ text: String) throws -> AccountName { try #require(AccountName(text)) }

  static func key(_ number: UInt64) -> PublicKey {
    PublicKey(prefix: 2, body: Digest(number, number &+ 1, number &+ 2, number &+ 3))
  }

  /// At least one operation of every kind.
  static func operations() throws -> [Operation] {
    let authority = MemberAuthority(roles: [.issuer, .participant], keys: [key(7), key(3), key(5)], threshold: 2)
    let collection = try #require(CollectionName("invoices/2031"))
    return [
      .memberAdd(name: try name("bank-b"), description: "Bank B, Zürich", authority: authority),
      .memberUpdate(name: try name("bank-b"), authority: MemberAuthority(roles: [], keys: [key(9)], threshold: 1)),
      .memberSuspend(name: try name("bank-b"), reason: "licence withdrawn"),
      .memberRestore(name: try name("bank-b")),
      .accountOpen(account: try account("bank-b/customers/17"), description: "customers' money"),
      .accountFreeze(account: try account("bank-b/customers/17")),
      .accountUnfreeze(account: try account("bank-b/customers/17")),
      .assetDefine(asset: try name("eur"), issuer: try name("bank-a"), decimals: 2, description: "Euro of Bank A"),
      .assetIssue(asset: try name("eur"), to: try account("bank-a"), amount: Amount(1_000_000_00)),
      .assetRetire(asset: try name("eur"), from: try account("bank-b/customers/17"), amount: Amount(.max)),
      .assetTransfer(
        asset: try name("eur"), from: try account("bank-a"), to: try account("bank-b/customers/17"),
        amount: Amount(12345), memo: Array("INV-17".utf8)),
      .assetTransfer(
        asset: try name("eur"), from: try account("bank-b"), to: try account("bank-a"), amount: Amount(1)),
      .recordAnchor(
        author: try name("bank-a"), collection: collection, key: "INV 17/b", content: Digest(1, 2, 3, 4),
        metadata: [0, 1, 2, 255]),
    ]
  }

  static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))

  /// Of the right form only; no key made it.
  static func signature(_ member: String, _ number: UInt64) -> TransactionSignature {
    guard let name = Name(member) else { preconditionFailure("\(member) is no name") }
    let half = Digest(number, 0, 0, 1)
    return TransactionSignature(member: name, key: key(number), signature: Signature(first: half, second: half))
  }

  static func draft(_ operations: [Operation], nonce: UInt64 = 42) throws -> TransactionDraft {
    var hash = HashFunction(chain.suite)
    var draft = try TransactionDraft(
      operations: operations, validUntil: Timestamp(1_900_000_000_000), nonce: nonce, chain: chain, hash: &hash)
    draft.add(signature("bank-b", 2))
    draft.add(signature("bank-a", 1))
    return draft
  }

  /// Different transactions of one transfer each.
  static func transactions(_ count: Int) throws -> [SignedTransaction] {
    var hash = HashFunction(chain.suite)
    var transactions: [SignedTransaction] = []
    for nonce in 0..<UInt64(count) {
      let transfer = Operation.assetTransfer(
        asset: try name("eur"), from: try account("bank-a"), to: try account("bank-b/x"), amount: Amount(1 + 1))
      transactions.append(try draft([transfer], nonce: nonce).assemble(hash: &hash))
    }
    return transactions
  }
}

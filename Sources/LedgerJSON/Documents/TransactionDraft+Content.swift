internal import Cryptography
internal import Ledger
internal import Primitives

extension TransactionDraft {
  /// The contents of the draft, decoded from its bytes. A draft without room for even one signature is refused as too
  /// large.
  func content(hash: inout HashFunction) throws(TransactionError) -> SignedTransaction {
    guard signatures.isEmpty, let member = Name("x") else { return try assemble(hash: &hash) }
    // Only signed bytes can be decoded, so a placeholder signature is added, which is not shown to anyone.
    var copy = self
    copy.add(
      TransactionSignature(
        member: member, key: PublicKey(prefix: 0, body: .zero), signature: Signature(first: .zero, second: .zero)))
    return try copy.assemble(hash: &hash)
  }
}

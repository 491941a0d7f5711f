internal import Cryptography
internal import Ledger
internal import Primitives

extension TransactionDraft {
  /// What the draft says, read out of its bytes. One that could not even carry one signature is refused as too large.
  func content(hash: inout HashFunction) throws(TransactionError) -> SignedTransaction {
    guard signatures.isEmpty, let member = Name("x") else { return try assemble(hash: &hash) }
    // Bytes become readable with a signature behind them; nobody gets to see this one.
    var copy = self
    copy.add(
      TransactionSignature(
        member: member, key: PublicKey(prefix: 0, body: .zero), signature: Signature(first: .zero, second: .zero)))
    return try copy.assemble(hash: &hash)
  }
}

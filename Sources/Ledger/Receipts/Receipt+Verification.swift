internal import Cryptography
public import Primitives

extension Receipt {
  /// Verifies the receipt against the validators named in genesis.
  public func verify(genesis: Genesis) throws(ReceiptError) -> VerifiedReceipt {
    return try verify(genesis.chain, validators: try certifiedBlock.validators(of: genesis))
  }

  /// Checks every link from the transaction to the signatures of `validators`, which must be the set of the
  /// certificate's epoch, and returns what is proved. Everything is recomputed from the parts, no matter who sent the
  /// receipt.
  ///
  /// The transaction's own signatures are not verified, because the validators that signed have verified them.
  public func verify(_ chain: ChainContext, validators: ValidatorSet) throws(ReceiptError) -> VerifiedReceipt {
    var hash = HashFunction(chain.suite)
    let signed: SignedTransaction
    do throws(TransactionError) {
      signed = try SignedTransaction(bytes: transaction.bytes, chain: chain, hash: &hash)
    } catch {
      throw .transaction(error)
    }
    let block = header.digest(chain, hash: &hash)
    try verifyTrees(signed, hash: &hash)
    try certifiedBlock.verify(chain, validators: validators)
    return VerifiedReceipt(
      transaction: signed, outcome: outcome, height: header.height, block: block, timestamp: header.timestamp,
      index: index, result: result, view: certificate.view)
  }

  private func verifyTrees(_ signed: SignedTransaction, hash: inout HashFunction) throws(ReceiptError) {
    let size = UInt64(header.transactionCount)
    let leaf = MerkleTree.leaf(signed.bytes.span.bytes, hash: &hash)
    let transactions = MerkleTree.root(from: leaf, index: UInt64(index), size: size, path: inclusionPath, hash: &hash)
    guard transactions == header.transactionRoot else { throw .transactionNotInBlock(index: index) }
    let outcomeLeaf = OutcomeTree.leaf(id: signed.id, outcome: outcome, hash: &hash)
    let outcomes = MerkleTree.root(
      from: outcomeLeaf, index: UInt64(index), size: size, path: outcomePath, hash: &hash)
    guard outcomes == result.outcomeRoot else { throw .outcomeNotInResult(index: index) }
  }
}

internal import Cryptography
internal import Primitives

extension Receipt {
  /// Checks every link from the transaction to the signatures of validators for whom genesis, the closings or the checkpoint
  /// vouch, and returns what is proved. Everything is recomputed from the parts, no matter who sent the receipt.
  ///
  /// The transaction's own signatures are not verified, because the validators that signed have verified them.
  public func verify(genesis: Genesis, checkpoint: Checkpoint? = nil) throws(ReceiptError) -> VerifiedReceipt {
    let chain = genesis.chain
    var hash = HashFunction(chain.suite)
    let signed: SignedTransaction
    do throws(TransactionError) {
      signed = try SignedTransaction(bytes: transaction.bytes, chain: chain, hash: &hash)
    } catch {
      throw .transaction(error)
    }
    let block = header.digest(chain, hash: &hash)
    try verifyTrees(signed, hash: &hash)
    let proved = try certifiedBlock.verify(closings, genesis: genesis, checkpoint: checkpoint)
    return VerifiedReceipt(
      transaction: signed, outcome: outcome, height: header.height, block: block, timestamp: header.timestamp,
      index: index, result: result, round: certificate.round,
      signers: proved.names(of: certificate.signers), isBelowCheckpoint: proved.isBelowCheckpoint)
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

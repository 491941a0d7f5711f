internal import Cryptography
internal import Primitives

extension Receipt {
  /// Checks every link from the transaction to the signatures of genesis's validators, and returns what that
  /// proves. Everything is computed again from the parts; nothing is taken from where the receipt came from.
  ///
  /// The transaction's own signatures are not checked: the validators who signed have.
  public func verify(genesis: Genesis) throws(ReceiptError) -> VerifiedReceipt {
    let chain = genesis.chain
    var hash = HashFunction(genesis.suite)
    let signed: SignedTransaction
    do throws(TransactionError) {
      signed = try SignedTransaction(bytes: transaction.bytes, chain: chain, hash: &hash)
    } catch {
      throw .transaction(error)
    }
    let block = header.digest(chain, hash: &hash)
    try verifyTrees(signed, block: block, hash: &hash)
    try verifyDescent(block: block, chain: chain, hash: &hash)
    try verifyCertificate(genesis, chain: chain)
    return VerifiedReceipt(
      transaction: signed, outcome: outcome, height: header.height, block: block, timestamp: header.timestamp,
      index: index, result: result, view: certificate.view)
  }

  private func verifyTrees(
    _ signed: SignedTransaction, block: Digest, hash: inout HashFunction
  ) throws(ReceiptError) {
    let size = UInt64(header.transactionCount)
    let leaf = MerkleTree.leaf(signed.bytes.span.bytes, hash: &hash)
    let transactions = MerkleTree.root(from: leaf, index: UInt64(index), size: size, path: inclusionPath, hash: &hash)
    guard transactions == header.transactionRoot else { throw .transactionNotInBlock(index: index) }
    guard result.block == block, result.height == header.height else { throw .resultOfOtherBlock }
    let outcomeLeaf = OutcomeTree.leaf(id: signed.id, outcome: outcome, hash: &hash)
    let outcomes = MerkleTree.root(
      from: outcomeLeaf, index: UInt64(index), size: size, path: outcomePath, hash: &hash)
    guard outcomes == result.outcomeRoot else { throw .outcomeNotInResult(index: index) }
  }

  private func verifyDescent(block: Digest, chain: ChainContext, hash: inout HashFunction) throws(ReceiptError) {
    guard descendants.count <= Limits.receiptDescendants else {
      throw .encoding(
        .tooLong(
          field: "descendants", value: UInt64(descendants.count), limit: UInt64(Limits.receiptDescendants)))
    }
    let resultDigest = result.digest(hash: &hash)
    var last = block
    var height = header.height
    for (position, next) in descendants.enumerated() {
      // The first binds the result of the transaction's block; the others only have to stand on one another.
      guard next.parent == last, next.height == height.next, position > 0 || next.parentResult == resultDigest else {
        throw .brokenDescent(index: position)
      }
      last = next.digest(chain, hash: &hash)
      height = next.height
    }
    guard case .finalize(let proposal, let certified) = certificate.statement else { throw .notFinal }
    guard proposal.block == last, !descendants.isEmpty || certified == resultDigest else {
      throw .certificateOfOtherBlock
    }
  }

  private func verifyCertificate(_ genesis: Genesis, chain: ChainContext) throws(ReceiptError) {
    guard certificate.statement.epoch == .first else { throw .unknownEpoch(certificate.statement.epoch) }
    let validators = genesis.validators.count
    guard validators > 0, certificate.hasQuorum(of: validators), certificate.hasAscendingSigners else {
      let quorum = validators > 0 ? Quorum(validators: validators).size : 0
      throw .signers(count: certificate.signers.count, quorum: quorum, validators: validators)
    }
    let message = certificate.statement.signedBytes(chain)
    var verifier = SignatureVerifier(genesis.suite)
    for (signer, signature) in zip(certificate.signers, certificate.signatures) {
      let key = genesis.validators[Int(signer.rawValue)].voteKey
      guard verifier.verify(signature, of: message, by: key) else { throw .signature(signer) }
    }
  }
}

extension Certificate {
  /// Whether the signers are strictly ascending, so that none counts twice (attack E7). Decoding guarantees
  /// it; a certificate that was put together in memory may break it.
  fileprivate var hasAscendingSigners: Bool {
    zip(signers, signers.dropFirst()).allSatisfy { $0 < $1 }
  }
}

public import Cryptography
public import Primitives

/// Proof that a transaction is in a final block, and what became of it. Verified with genesis alone.
///
/// transaction and path lead to the header's transaction root, outcome and path to the result's outcome
/// root; the headers that follow bind block and result up to the block that the certificate finalizes.
public struct Receipt: Hashable, Sendable {
  static let version: UInt8 = 1
  /// More levels than any tree has whose size fits the header's count.
  static let pathLimit = 32
  public static let byteLimit =
    Limits.transactionBytes + Limits.receiptDescendants * BlockHeader.byteCount + (64 << 10)

  public var transaction: SignedTransaction
  /// The transaction's place in its block.
  public var index: UInt32
  /// From the leaf to the header's transaction root. The tree's size is the header's transaction count.
  public var inclusionPath: [Digest]
  public var outcome: TransactionOutcome
  /// From the outcome's leaf to the result's outcome root, in a tree of the same size.
  public var outcomePath: [Digest]
  /// Of the transaction's block.
  public var header: BlockHeader
  public var result: BlockResult
  /// The headers above it, up to the certified block's; none if the block itself is certified.
  public var descendants: [BlockHeader]
  /// The finalization of the last header's block.
  public var certificate: Certificate

  public init(
    transaction: SignedTransaction, index: UInt32, inclusionPath: [Digest], outcome: TransactionOutcome,
    outcomePath: [Digest], header: BlockHeader, result: BlockResult, descendants: [BlockHeader],
    certificate: Certificate
  ) {
    self.transaction = transaction
    self.index = index
    self.inclusionPath = inclusionPath
    self.outcome = outcome
    self.outcomePath = outcomePath
    self.header = header
    self.result = result
    self.descendants = descendants
    self.certificate = certificate
  }

  /// The block, its result and their proof.
  public var certifiedBlock: CertifiedBlock {
    CertifiedBlock(header: header, result: result, descendants: descendants, certificate: certificate)
  }

  /// The receipt of transaction `index` of `block`, whose execution gave `outcomes` and `result`. Checks
  /// nothing; a wrong certificate gives a receipt that does not verify.
  public init(
    block: Block, index: Int, outcomes: [TransactionOutcome], result: BlockResult, descendants: [BlockHeader],
    certificate: Certificate, hash: inout HashFunction
  ) {
    transaction = SignedTransaction(block.transaction(at: index))
    self.index = UInt32(index)
    inclusionPath = MerkleTree.path(to: index, of: block.leaves(hash: &hash), hash: &hash)
    outcome = outcomes[index]
    let leaves = OutcomeTree.leaves(of: block, outcomes: outcomes, hash: &hash)
    outcomePath = MerkleTree.path(to: index, of: leaves, hash: &hash)
    header = block.header
    self.result = result
    self.descendants = descendants
    self.certificate = certificate
  }
}

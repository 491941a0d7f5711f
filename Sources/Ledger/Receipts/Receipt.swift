public import Cryptography
public import Primitives

/// The proof that a transaction is in a final block, and of its outcome. Verifiable with genesis alone.
///
/// The transaction and its path lead to the header's transaction root, the outcome and its path to the result's
/// outcome root. The headers that follow bind block and result up to the block that the certificate finalizes.
public struct Receipt: Hashable, Sendable {
  /// The version of the encoding; that of chains without epochs has no closings.
  static func version(of chain: ChainContext) -> UInt8 { chain.hasEpochs ? 2 : 1 }
  /// More levels than a tree can have whose size fits the header's count.
  static let pathLimit = 32
  public static let byteLimit =
    Limits.transactionBytes + Limits.receiptDescendants * BlockHeader.byteCount + Limits.closingBytes + (64 << 10)

  public var transaction: SignedTransaction
  /// The transaction's index in its block.
  public var index: UInt32
  /// The path from the leaf to the header's transaction root. The size of the tree is the header's transaction count.
  public var inclusionPath: [Digest]
  public var outcome: TransactionOutcome
  /// The path from the outcome's leaf to the result's outcome root, in a tree of the same size.
  public var outcomePath: [Digest]
  /// The header of the transaction's block.
  public var header: BlockHeader
  public var result: BlockResult
  /// The headers above the block, up to that of the certified block; empty if the block itself is certified.
  public var descendants: [BlockHeader]
  /// The finalization of the block of the last header.
  public var certificate: Certificate
  /// The closings that lead to the epoch of the certificate.
  public var closings: Closings

  public init(
    transaction: SignedTransaction, index: UInt32, inclusionPath: [Digest], outcome: TransactionOutcome,
    outcomePath: [Digest], header: BlockHeader, result: BlockResult, descendants: [BlockHeader],
    certificate: Certificate, closings: Closings = Closings()
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
    self.closings = closings
  }

  /// The block and its result, with their proof.
  public var certifiedBlock: CertifiedBlock {
    CertifiedBlock(header: header, result: result, descendants: descendants, certificate: certificate)
  }

  /// Creates the receipt of transaction `index` of `block`, whose execution gave `outcomes` and `result`. Checks
  /// nothing; with a wrong certificate the receipt does not verify.
  public init(
    block: Block, index: Int, outcomes: [TransactionOutcome], result: BlockResult, descendants: [BlockHeader],
    certificate: Certificate, closings: Closings = Closings(), hash: inout HashFunction
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
    self.closings = closings
  }
}

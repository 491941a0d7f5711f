public import Primitives

/// The facts that a receipt has proved.
public struct VerifiedReceipt: Hashable, Sendable {
  public let transaction: SignedTransaction
  public let outcome: TransactionOutcome
  /// The height of the transaction's block.
  public let height: Height
  public let block: Digest
  public let timestamp: Timestamp
  /// The transaction's index in the block.
  public let index: UInt32
  public let result: BlockResult
  /// The round of the finalization that covers the block.
  public let round: Round
  /// The names of the validators that signed it.
  public let signers: [String]
  /// Whether the verifier has a checkpoint of a later epoch, so that the receipt rests on keys that it need not rely on
  /// otherwise.
  public let isBelowCheckpoint: Bool
}

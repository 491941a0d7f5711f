public import Primitives

/// What a receipt has proved.
public struct VerifiedReceipt: Hashable, Sendable {
  public let transaction: SignedTransaction
  public let outcome: TransactionOutcome
  /// The transaction's block.
  public let height: Height
  public let block: Digest
  public let timestamp: Timestamp
  /// The transaction's place in it.
  public let index: UInt32
  public let result: BlockResult
  /// The view whose finalization certificate covers the block.
  public let view: View
}

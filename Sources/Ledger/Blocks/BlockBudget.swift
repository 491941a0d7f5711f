internal import Primitives

/// Counts how much of a block is used while its proposer chooses transactions.
public struct BlockBudget: Sendable {
  public private(set) var transactions = 0
  public private(set) var operations = 0
  /// The bytes of the encoded block so far.
  public private(set) var bytes = BlockHeader.byteCount

  public init() {}

  /// Counts `transaction` and returns true, or returns false if the block has no room for it.
  public mutating func take(_ transaction: SignedTransaction) -> Bool {
    let operations = operations + transaction.operationCount
    let bytes = bytes + 4 + transaction.bytes.count
    guard transactions < Limits.blockTransactions, operations <= Limits.blockOperations, bytes <= Limits.blockBytes
    else { return false }
    transactions += 1
    self.operations = operations
    self.bytes = bytes
    return true
  }
}

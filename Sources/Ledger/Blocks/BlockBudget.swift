internal import Primitives

/// Counts how much of a block is used while its proposer chooses transactions.
public struct BlockBudget: Sendable {
  public private(set) var transactions = 0
  public private(set) var operations = 0
  /// The bytes of the encoded block so far.
  public private(set) var bytes = BlockHeader.byteCount

  private let operationLimit: Int
  private let byteLimit: Int

  /// The budget of the largest block that any chain may have.
  public init() {
    operationLimit = Limits.blockOperations
    byteLimit = Limits.blockBytes
  }

  /// The budget of a block of a chain with these parameters.
  public init(_ parameters: ChainParameters) {
    operationLimit = Int(parameters.blockOperations)
    byteLimit = Int(parameters.blockBytes)
  }

  /// Counts `transaction` and returns true, or returns false if the block has no room for it.
  public mutating func take(_ transaction: SignedTransaction) -> Bool {
    let operations = operations + transaction.operationCount
    let bytes = bytes + 4 + transaction.bytes.count
    guard transactions < Limits.blockTransactions, operations <= operationLimit, bytes <= byteLimit else {
      return false
    }
    transactions += 1
    self.operations = operations
    self.bytes = bytes
    return true
  }
}

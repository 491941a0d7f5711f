public import Primitives

/// What executing a block gave.
public struct Execution: Hashable, Sendable {
  public let result: BlockResult
  /// What a finalize vote signs, and the next header's parent result.
  public let resultDigest: Digest
  /// One for each transaction, in order.
  public let outcomes: [TransactionOutcome]
}

public import Primitives

/// The effect of executing a block.
public struct Execution: Hashable, Sendable {
  public let result: BlockResult
  /// The digest that a finalize vote signs and that the next header carries as its parent's result.
  public let resultDigest: Digest
  /// One outcome for each transaction, in order.
  public let outcomes: [TransactionOutcome]
}

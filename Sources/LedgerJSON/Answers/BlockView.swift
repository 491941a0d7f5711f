public import Primitives

/// A finalized block. `GET /v1/blocks/{height}`, `/v1/blocks/latest`, `/v1/blocks`.
public struct BlockView: Codable, Hashable, Sendable {
  public var height: Height
  public var digest: Digest
  public var parent: Digest
  /// The digest of the parent's result.
  public var parentResult: Digest
  public var time: Timestamp
  public var transactionCount: Int
  public var transactionRoot: Digest
  public var result: ResultView
  /// The view of the block's own finalization; absent for genesis and if a later block made this one final.
  public var view: UInt64?
  public var outcomes: OutcomeCounts
  /// The ids in the order of the block; absent in lists of blocks.
  public var transactions: [Digest]?

  public init(
    height: Height, digest: Digest, parent: Digest, parentResult: Digest, time: Timestamp, transactionCount: Int,
    transactionRoot: Digest, result: ResultView, view: UInt64?, outcomes: OutcomeCounts, transactions: [Digest]? = nil
  ) {
    self.height = height
    self.digest = digest
    self.parent = parent
    self.parentResult = parentResult
    self.time = time
    self.transactionCount = transactionCount
    self.transactionRoot = transactionRoot
    self.result = result
    self.view = view
    self.outcomes = outcomes
    self.transactions = transactions
  }
}

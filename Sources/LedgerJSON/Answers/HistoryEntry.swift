internal import Ledger
public import Primitives

/// A finalized transaction that touched an account. `GET /v1/account-history`.
public struct HistoryEntry: Codable, Hashable, Sendable {
  /// The maximum number of operations that an entry shows; the transaction itself contains all.
  public static let shownOperations = 20

  public var id: Digest
  public var height: Height
  public var index: Int
  public var blockTime: Timestamp
  public var outcome: OutcomeView
  /// The total number of operations of the transaction.
  public var operationCount: Int
  /// The first operations that name the account, at most `shownOperations`.
  public var operations: [RenderedOperation]

  public init(
    id: Digest, height: Height, index: Int, blockTime: Timestamp, outcome: OutcomeView, operationCount: Int,
    operations: [RenderedOperation]
  ) {
    self.id = id
    self.height = height
    self.index = index
    self.blockTime = blockTime
    self.outcome = outcome
    self.operationCount = operationCount
    self.operations = operations
  }
}

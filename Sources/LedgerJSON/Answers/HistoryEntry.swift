internal import Ledger
public import Primitives

/// A finalized transaction that touched an account. `GET /v1/account-history`.
public struct HistoryEntry: Codable, Hashable, Sendable {
  /// Operations that one entry shows at most; the transaction itself has all.
  public static let shownOperations = 20

  public var id: Digest
  public var height: Height
  public var index: Int
  public var blockTime: Timestamp
  public var outcome: OutcomeView
  /// How many operations the transaction has in all.
  public var operationCount: Int
  /// The first of them that name the account, at most `shownOperations`.
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

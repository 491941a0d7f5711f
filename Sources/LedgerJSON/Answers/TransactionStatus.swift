internal import Ledger
public import Primitives

/// A node's knowledge of one transaction. `GET /v1/transactions/{id}`.
public struct TransactionStatus: Codable, Hashable, Sendable {
  public enum Stage: String, Codable, Sendable {
    /// The transaction is in a mempool, or in a block that is not final yet.
    case pending
    /// The transaction is in a finalized block, so its outcome never changes.
    case finalized
  }

  public var id: Digest
  public var status: Stage
  /// The height of the block. Like the index in the block and the block's time, absent while pending.
  public var height: Height?
  public var index: Int?
  public var blockTime: Timestamp?
  public var outcome: OutcomeView?
  public var validUntil: Timestamp
  /// A string, because common JSON readers lose digits of large numbers.
  public var nonce: String
  public var operations: [RenderedOperation]
  public var signatures: [SignatureView]

  public init(
    id: Digest, status: Stage, height: Height? = nil, index: Int? = nil, blockTime: Timestamp? = nil,
    outcome: OutcomeView? = nil, validUntil: Timestamp, nonce: UInt64, operations: [RenderedOperation],
    signatures: [SignatureView]
  ) {
    self.id = id
    self.status = status
    self.height = height
    self.index = index
    self.blockTime = blockTime
    self.outcome = outcome
    self.validUntil = validUntil
    self.nonce = String(nonce)
    self.operations = operations
    self.signatures = signatures
  }
}

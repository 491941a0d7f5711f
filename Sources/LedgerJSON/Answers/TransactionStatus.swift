internal import Ledger
public import Primitives

/// What a node knows of one transaction. `GET /v1/transactions/{id}`.
public struct TransactionStatus: Codable, Hashable, Sendable {
  public enum Stage: String, Codable, Sendable {
    /// Waiting in a mempool, or in a block that is not final yet.
    case pending
    /// In a finalized block: the outcome never changes.
    case finalized
  }

  public var id: Digest
  public var status: Stage
  /// The block, its time, and the index in it; absent while pending.
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

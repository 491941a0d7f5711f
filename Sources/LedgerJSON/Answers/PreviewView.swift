public import Ledger
public import Primitives

/// What a transaction, signed or not, would do now. `POST /v1/transactions/preview`.
public struct PreviewView: Codable, Hashable, Sendable {
  public var id: Digest
  public var validUntil: Timestamp
  /// The height of the block after which it was tried, which need not be final, and the time of the block in which it was.
  public var height: Height
  public var time: Timestamp
  /// The signatures, in their order.
  public var signatures: [SignatureCheckView]
  /// Why a node would refuse it as it is; absent if it would not.
  public var refusal: ErrorDetail?
  /// Who must sign, and how far they have.
  public var required: [RequiredSignaturesView]
  /// The outcome if all who must sign and can had signed, and its time were right.
  public var outcome: OutcomeView

  public init(
    id: Digest, validUntil: Timestamp, _ preview: TransactionPreview, signatures: [SignatureCheckView],
    outcome: OutcomeView, refusal: ErrorDetail?
  ) {
    self.id = id
    self.validUntil = validUntil
    height = preview.point.height
    time = preview.time
    self.signatures = signatures
    self.refusal = refusal
    required = preview.required.map(RequiredSignaturesView.init)
    self.outcome = outcome
  }
}

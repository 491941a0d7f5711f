public import Primitives

/// What a transaction, signed or not, would do now. Nothing is promised: the state may change before it is in a block.
public struct TransactionPreview: Hashable, Sendable {
  /// The block after which it was tried. It need not be final.
  public let point: ChainPoint
  /// The time of the block in which it was tried.
  public let time: Timestamp
  /// For each signature, in order, why it does not count; nil if it does.
  public let signatureFaults: [AdmissionFault?]
  /// The reason why it cannot be admitted as it is; nil if it can.
  public let fault: AdmissionFault?
  /// Who must sign, in the order of the first operations that need them. An operation on something that does not exist, such
  /// as an asset, needs nobody as far as is known.
  public let required: [RequiredSignatures]
  /// The outcome if all who must sign and can had signed, and its time were right.
  public let outcome: TransactionOutcome
}

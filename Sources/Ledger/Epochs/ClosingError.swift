public import Primitives

/// The reason why a closing does not prove the validators of the next epoch.
public enum ClosingError: Error, Hashable, Sendable {
  /// The result does not say that the next epoch begins above its block.
  case notClosing(epoch: Epoch)
  /// The block is not above the last block of the epoch before.
  case height(Height, above: Height)
  /// The configuration is not the one that the result names.
  case otherConfiguration
  /// The certificate is not a finalization.
  case notFinal
  /// The certificate is for a different block or result.
  case certificateOfOtherBlock
  case certificate(CertificateFault)
  /// The result is not the one that the checkpoint names.
  case otherThanCheckpoint
}

extension ClosingError: ExplainedError {
  public var code: String {
    switch self {
    case .notClosing: "closing.not-closing"
    case .height: "closing.height"
    case .otherConfiguration: "closing.other-configuration"
    case .notFinal: "closing.not-final"
    case .certificateOfOtherBlock: "closing.certificate-of-other-block"
    case .certificate(.epoch): "closing.other-epoch"
    case .certificate(.signers): "closing.signers"
    case .certificate(.signature): "closing.invalid-signature"
    case .otherThanCheckpoint: "closing.other-than-checkpoint"
    }
  }

  public var explanation: String {
    switch self {
    case .notClosing(let epoch): "the result does not end epoch \(epoch)"
    case .height(let height, let above):
      "the block has height \(height), but the epoch begins above height \(above)"
    case .otherConfiguration: "the configuration is not the one that the result names"
    case .notFinal: "the certificate is not a finalization"
    case .certificateOfOtherBlock: "the certificate is for another block or result"
    case .certificate(let fault): fault.explanation
    case .otherThanCheckpoint:
      "the result is not the one that the checkpoint names: one of the two is not of this chain"
    }
  }

  public var nextStep: String {
    switch self {
    case .otherThanCheckpoint:
      "keep both and ask the chain's members which one is theirs: if both are, old keys were misused"
    default: "do not rely on it; fetch it again, preferably from another node"
    }
  }
}

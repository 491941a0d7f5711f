public import Primitives

/// The reason why a receipt does not prove what it claims.
public enum ReceiptError: Error, Hashable, Sendable {
  case tooLarge(bytes: Int)
  case encoding(CodecError)
  case transaction(TransactionError)
  case header(BlockError)
  /// The transaction is not at this index of the block.
  case transactionNotInBlock(index: UInt32)
  /// The outcome at this index of the result is a different one.
  case outcomeNotInResult(index: UInt32)
  /// The result belongs to a different block from the header.
  case resultOfOtherBlock
  /// The header at this index does not follow the block before it, or not with that block's result.
  case brokenDescent(index: Int)
  /// The certificate is not a finalization.
  case notFinal
  /// The certificate is for a different block or result from that of the last header.
  case certificateOfOtherBlock
  /// The closings do not lead to the validators of the certificate's epoch.
  case closings(ClosingsError)
  /// The block is not above the last block of the epoch before that of the certificate.
  case heightOfOtherEpoch(Height, above: Height)
  /// The certificate is not of the epoch of the validators that it is verified against.
  case unknownEpoch(Epoch)
  /// Not exactly a quorum of the validators signed.
  case signers(count: Int, quorum: Int, validators: Int)
  /// The signature of this validator is not valid.
  case signature(ValidatorIndex)
}

extension ReceiptError: ExplainedError {
  public var code: String {
    switch self {
    case .tooLarge: "receipt.too-large"
    case .encoding: "receipt.malformed"
    case .transaction: "receipt.malformed-transaction"
    case .header: "receipt.malformed-header"
    case .transactionNotInBlock: "receipt.transaction-not-in-block"
    case .outcomeNotInResult: "receipt.outcome-not-in-result"
    case .resultOfOtherBlock: "receipt.result-of-other-block"
    case .brokenDescent: "receipt.broken-descent"
    case .notFinal: "receipt.not-final"
    case .certificateOfOtherBlock: "receipt.certificate-of-other-block"
    case .closings(let error): error.code
    case .heightOfOtherEpoch: "receipt.height-of-other-epoch"
    case .unknownEpoch: "receipt.unknown-epoch"
    case .signers: "receipt.signers"
    case .signature: "receipt.invalid-signature"
    }
  }

  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "the receipt has \(bytes) bytes; the limit is \(Receipt.byteLimit)"
    case .encoding(let error): "the receipt is malformed: \(error.explanation)"
    case .transaction(let error): error.explanation
    case .header(let error): error.explanation
    case .transactionNotInBlock(let index): "the transaction is not the one at index \(index) of the block"
    case .outcomeNotInResult(let index): "the outcome is not that of transaction \(index) in the block's result"
    case .resultOfOtherBlock: "the result belongs to a different block from the header"
    case .brokenDescent(let index):
      "header \(index) above the block does not follow the one before it"
    case .notFinal: "the certificate is not a finalization"
    case .certificateOfOtherBlock: "the certificate is for another block or result"
    case .closings(let error): error.explanation
    case .heightOfOtherEpoch(let height, let above):
      "the block has height \(height), but the certificate's epoch begins above height \(above)"
    case .unknownEpoch(let epoch): "the certificate is of epoch \(epoch), whose validators are not known"
    case .signers(let count, let quorum, let validators):
      "\(count) signed, or a signer is not a validator; exactly \(quorum) of the \(validators) validators must sign"
    case .signature(let index): "the signature of validator \(index) is invalid"
    }
  }

  public var nextStep: String {
    switch self {
    case .closings(let error): error.nextStep
    case .transaction(.otherChain), .header(.otherChain): "verify it with the genesis file of its own chain"
    default: "do not rely on it; fetch the receipt again, preferably from another node"
    }
  }
}

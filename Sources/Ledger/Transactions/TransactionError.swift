public import Primitives

/// The reason why bytes are not a transaction of this chain.
public enum TransactionError: Error, Hashable, Sendable {
  case tooLarge(bytes: Int)
  case encoding(CodecError)
  /// The transaction was made for the chain with this genesis digest.
  case otherChain(Digest)
  case noOperations
  case tooManyOperations(count: UInt32)
  /// The operation at this index is malformed.
  case operation(index: Int, CodecError)
  case noSignatures
  case tooManySignatures(count: Int)
  /// The signature at this index repeats the one before it or is out of order.
  case signatureOrder(index: Int)
}

extension TransactionError: ExplainedError {
  public var code: String {
    switch self {
    case .tooLarge: "transaction.too-large"
    case .encoding: "transaction.malformed"
    case .otherChain: "transaction.other-chain"
    case .noOperations: "transaction.no-operations"
    case .tooManyOperations: "transaction.too-many-operations"
    case .operation: "transaction.malformed-operation"
    case .noSignatures: "transaction.no-signatures"
    case .tooManySignatures: "transaction.too-many-signatures"
    case .signatureOrder: "transaction.signature-order"
    }
  }

  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "the transaction has \(bytes) bytes; the limit is \(Limits.transactionBytes)"
    case .encoding(let error): "the transaction is malformed: \(error.explanation)"
    case .otherChain(let digest): "the transaction is for the chain with genesis \(digest)"
    case .noOperations: "the transaction has no operations"
    case .tooManyOperations(let count):
      "the transaction has \(count) operations; the limit is \(Limits.transactionOperations)"
    case .operation(let index, let error): "operation \(index) is malformed: \(error.explanation)"
    case .noSignatures: "the transaction has no signatures"
    case .tooManySignatures(let count):
      "the transaction has \(count) signatures, with the proofs of keys; the limit is \(Limits.transactionSignatures)"
    case .signatureOrder(let index):
      "signature \(index) does not follow the one before it in the order of member and key"
    }
  }

  public var nextStep: String {
    switch self {
    case .tooLarge, .tooManyOperations: "split it into several transactions"
    case .encoding(let error), .operation(_, let error): error.nextStep
    case .otherChain: "build the transaction with the genesis file of this chain and sign it again"
    case .noOperations: "add at least one operation"
    case .noSignatures: "sign it with at least one member's key"
    case .tooManySignatures:
      "sign with no more keys than the operations need, or name fewer vote keys in one transaction"
    case .signatureOrder: "sort the signatures by member and key, and give each key once"
    }
  }
}

public import Primitives

/// The reason why bytes are not a block of this chain.
public enum BlockError: Error, Hashable, Sendable {
  case tooLarge(bytes: Int)
  case encoding(CodecError)
  /// The block was made for the chain with this genesis digest.
  case otherChain(Digest)
  case tooManyTransactions(count: UInt32)
  case tooManyOperations(count: Int)
  /// The transaction at this index is malformed.
  case transaction(index: Int, TransactionError)
  /// The header contains a different root from that of the transactions.
  case wrongTransactionRoot(declared: Digest, computed: Digest)
}

extension BlockError: ExplainedError {
  public var code: String {
    switch self {
    case .tooLarge: "block.too-large"
    case .encoding: "block.malformed"
    case .otherChain: "block.other-chain"
    case .tooManyTransactions: "block.too-many-transactions"
    case .tooManyOperations: "block.too-many-operations"
    case .transaction: "block.malformed-transaction"
    case .wrongTransactionRoot: "block.wrong-transaction-root"
    }
  }

  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "the block has \(bytes) bytes; the limit is \(Limits.blockBytes)"
    case .encoding(let error): "the block is malformed: \(error.explanation)"
    case .otherChain(let digest): "the block belongs to the chain with genesis \(digest)"
    case .tooManyTransactions(let count):
      "the block has \(count) transactions; the limit is \(Limits.blockTransactions)"
    case .tooManyOperations(let count):
      "the block has \(count) or more operations; the limit is \(Limits.blockOperations)"
    case .transaction(let index, let error): "transaction \(index) of the block: \(error.explanation)"
    case .wrongTransactionRoot(let declared, let computed):
      "the header names the transaction root \(declared), but the transactions have \(computed)"
    }
  }

  public var nextStep: String {
    "do not use the block; get it from another validator, and examine the one that sent it"
  }
}

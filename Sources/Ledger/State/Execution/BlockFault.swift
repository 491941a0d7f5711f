public import Primitives

/// The reason why a well-formed block cannot follow the tip.
public enum BlockFault: Error, Hashable, Sendable {
  case height(Height, expected: Height)
  case parent(Digest, expected: Digest)
  case parentResult(Digest, expected: Digest)
  /// The block's time is not after that of its parent.
  case timestamp(Timestamp, parent: Timestamp)
  /// The tip has the last possible height.
  case noHeightLeft
  /// The block exceeds what the chain's parameters allow.
  case tooLarge(bytes: Int, limit: Int)
  case tooManyOperations(Int, limit: Int)
  /// The transaction at this index cannot be in the block.
  case transaction(index: Int, AdmissionFault)
  /// The transaction at this index occurs earlier in the block.
  case repeatedTransaction(index: Int, Digest)
}

extension BlockFault: ExplainedError {
  public var code: String {
    switch self {
    case .height: "block.wrong-height"
    case .parent: "block.wrong-parent"
    case .parentResult: "block.wrong-parent-result"
    case .timestamp: "block.time-not-after-parent"
    case .noHeightLeft: "block.no-height-left"
    case .tooLarge: "block.above-parameter-bytes"
    case .tooManyOperations: "block.above-parameter-operations"
    case .transaction: "block.transaction-refused"
    case .repeatedTransaction: "block.repeated-transaction"
    }
  }

  public var explanation: String {
    switch self {
    case .height(let height, let expected): "the block has height \(height); the next height is \(expected)"
    case .parent(let parent, let expected): "the block follows \(parent), but the tip is \(expected)"
    case .parentResult(let result, let expected):
      "the block says that its parent gave result \(result), but this node computed \(expected)"
    case .timestamp(let time, let parent):
      "the block's time, \(time.rawValue) ms, is not after its parent's, \(parent.rawValue) ms"
    case .noHeightLeft: "the tip has the last possible height"
    case .tooLarge(let bytes, let limit): "the block has \(bytes) bytes; the chain's parameters allow \(limit)"
    case .tooManyOperations(let count, let limit):
      "the block has \(count) operations; the chain's parameters allow \(limit)"
    case .transaction(let index, let fault): "transaction \(index) of the block: \(fault.explanation)"
    case .repeatedTransaction(let index, let id): "transaction \(index) of the block, \(id), is already in it"
    }
  }

  public var nextStep: String {
    switch self {
    case .parentResult:
      "compare the results of the parent on all nodes; stop and examine the node that differs"
    default:
      "no action is needed: the node does not vote for it; if a quorum votes for such blocks, compare the nodes' versions"
    }
  }
}

internal import Ledger
internal import Primitives

/// Why a proposed block is refused.
enum ProposalFault: Error, Equatable {
  /// A block is proposed again that does not end the epoch, or is committed.
  case repeated
  /// Another block of its height is committed.
  case committedHeight
  /// It follows a block that ends the epoch, which can only be proposed again.
  case afterClosing
  case content(BlockFault)
  /// The block's time is this many milliseconds ahead of this node's clock.
  case timeAhead(UInt64)
  case badSignature

  /// Whether the block is invalid for every node, so that its leader is to blame and no second look is needed. Another
  /// clock, or a different result of the parent, may as well be a fault of this node.
  var isProven: Bool {
    switch self {
    case .repeated, .committedHeight, .afterClosing, .badSignature: true
    case .timeAhead, .content(.parentResult): false
    case .content: true
    }
  }
}

extension ProposalFault: ExplainedError {
  var code: String {
    switch self {
    case .repeated: "block.repeated"
    case .committedHeight: "block.committed-height"
    case .afterClosing: "block.after-closing"
    case .content(let fault): fault.code
    case .timeAhead: "block.time-ahead"
    case .badSignature: "transaction.bad-signature"
    }
  }

  var explanation: String {
    switch self {
    case .repeated: "a block is proposed again, and it is committed or does not end the epoch"
    case .committedHeight: "another block of its height is committed"
    case .afterClosing: "it follows a block that ends the epoch; only that block can be proposed again"
    case .content(let fault): fault.explanation
    case .timeAhead(let milliseconds):
      "its time is \(milliseconds) ms ahead of this node's clock; the limit is \(Limits.clockDriftMilliseconds)"
    case .badSignature: "a transaction in the block has an invalid signature"
    }
  }

  var nextStep: String {
    switch self {
    case .repeated, .committedHeight, .afterClosing, .badSignature: "report it to the operator of the leader"
    case .content(let fault): fault.nextStep
    case .timeAhead: "compare the clocks of this node and of the leader"
    }
  }
}

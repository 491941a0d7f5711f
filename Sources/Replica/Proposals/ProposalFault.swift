internal import Ledger
internal import Primitives

/// Why a proposed block is refused.
enum ProposalFault: Error, Equatable {
  /// A committed block is proposed again.
  case repeated
  /// Another block of its height is committed.
  case committedHeight
  case content(BlockFault)
  /// The block's time is this many milliseconds ahead of this node's clock.
  case timeAhead(UInt64)
  case badSignature

  /// Whether the block is invalid for every node, so that its leader is to blame and no second look is needed. Another
  /// clock, or a different result of the parent, may as well be a fault of this node.
  var isProven: Bool {
    switch self {
    case .repeated, .committedHeight, .badSignature: true
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
    case .content(let fault): fault.code
    case .timeAhead: "block.time-ahead"
    case .badSignature: "transaction.bad-signature"
    }
  }

  var explanation: String {
    switch self {
    case .repeated: "a committed block is proposed again"
    case .committedHeight: "another block of its height is committed"
    case .content(let fault): fault.explanation
    case .timeAhead(let milliseconds):
      "its time is \(milliseconds) ms ahead of this node's clock; the limit is \(Limits.clockDriftMilliseconds)"
    case .badSignature: "a transaction in the block has an invalid signature"
    }
  }

  var nextStep: String {
    switch self {
    case .repeated, .committedHeight, .badSignature: "report it to the operator of the leader"
    case .content(let fault): fault.nextStep
    case .timeAhead: "compare the clocks of this node and of the leader"
    }
  }
}

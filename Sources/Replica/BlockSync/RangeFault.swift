internal import Primitives

/// Why a range of blocks was refused.
enum RangeFault: Error, Equatable {
  case malformed
  /// The range does not start at the next height.
  case notNext
  /// A block or header does not name the one before it as its parent.
  case broken
  /// The certificate is not for the last block or header of the range.
  case notFinal
}

extension RangeFault: ExplainedError {
  var code: String {
    switch self {
    case .malformed: "sync.malformed"
    case .notNext: "sync.not-next"
    case .broken: "sync.broken-chain"
    case .notFinal: "sync.not-final"
    }
  }

  var explanation: String {
    switch self {
    case .malformed: "a block or header of the range cannot be decoded"
    case .notNext: "the range does not start at the next height"
    case .broken: "a block of the range does not name the block before it"
    case .notFinal: "the range's certificate is not for its last block"
    }
  }

  var nextStep: String { "no action is needed: the node asks another peer" }
}

internal import Primitives

extension Mempool.Refusal: ExplainedError {
  package var code: String {
    switch self {
    case .full: "pool.full"
    case .quota: "pool.member-share-used"
    }
  }

  package var explanation: String {
    switch self {
    case .full(let transactions, let bytes):
      "the node holds \(transactions) waiting transactions of \(bytes) bytes, which is the limit"
    case .quota(let member, let transactions):
      "\(member) has \(transactions) waiting transactions, which is its share at this node"
    }
  }

  package var nextStep: String { "wait until some are final and send the same bytes again, after a second or more" }
}

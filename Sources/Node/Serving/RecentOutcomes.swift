internal import Ledger
internal import Primitives

/// What became of the newest final transactions, of the last `limit` at least.
///
/// Two generations: once the younger is full it becomes the elder, and what the elder held is forgotten at once. Taking
/// transactions out one by one would cost as much again as putting them in.
struct RecentOutcomes: Sendable {
  private struct Place {
    var height: Height
    var index: Int
    var outcome: TransactionOutcome
  }

  private let limit: Int
  private var young: [Digest: Place]
  private var old: [Digest: Place] = [:]
  private var newest = Height.genesis
  /// The newest height in the elder generation.
  private var oldHeight = Height.genesis
  /// Of the blocks up to this height, outcomes are forgotten.
  private(set) var forgottenHeight = Height.genesis

  init(limit: Int) {
    self.limit = limit
    young = Dictionary(minimumCapacity: limit)
  }

  subscript(id: Digest) -> FinalizedTransaction? {
    (young[id] ?? old[id]).map { place in
      FinalizedTransaction(id: id, height: place.height, index: place.index, outcome: place.outcome)
    }
  }

  mutating func remember(_ transaction: FinalizedTransaction) {
    if young.count >= limit {
      forgottenHeight = oldHeight
      oldHeight = newest
      swap(&young, &old)
      young.removeAll(keepingCapacity: true)
    }
    newest = max(newest, transaction.height)
    young[transaction.id] = Place(
      height: transaction.height, index: transaction.index, outcome: transaction.outcome)
  }
}

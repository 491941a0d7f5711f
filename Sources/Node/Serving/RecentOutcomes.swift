internal import Ledger
internal import Primitives

/// The outcomes of the newest final transactions, at least of the last `limit`.
///
/// There are two generations: when the younger is full, it replaces the older, whose contents are forgotten in one go.
/// Removing transactions one by one would cost as much again as adding them.
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
  /// The newest height in the older generation.
  private var oldHeight = Height.genesis
  /// The height up to which outcomes may have been forgotten.
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

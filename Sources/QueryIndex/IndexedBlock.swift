package import Ledger
package import Primitives

/// A finalized block with what became of its transactions.
package struct IndexedBlock: Sendable {
  package var block: Block
  /// One for each transaction, in order.
  package var outcomes: [TransactionOutcome]

  package init(block: Block, outcomes: [TransactionOutcome]) {
    self.block = block
    self.outcomes = outcomes
  }
}

/// Where a transaction stands in the chain.
package struct IndexedPlace: Hashable, Comparable, Sendable {
  package var height: Height
  /// In the block, from 0.
  package var index: Int

  package init(height: Height, index: Int) {
    self.height = height
    self.index = index
  }

  package static func < (left: IndexedPlace, right: IndexedPlace) -> Bool {
    left.height != right.height ? left.height < right.height : left.index < right.index
  }

  // In the database a place is one integer: the height above 16 bits of index, which hold
  // `Limits.blockTransactions`.
  private static let indexBits: UInt64 = 16
  static let lastHeight = Height((1 << (63 - indexBits)) - 1)

  /// `height` is at most `lastHeight`.
  var position: Int64 {
    precondition(height <= IndexedPlace.lastHeight && index >= 0 && index < 1 << IndexedPlace.indexBits, "\(self)")
    return Int64(height.rawValue << IndexedPlace.indexBits) | Int64(index)
  }

  /// Where rows before this place end, whatever a client wrote into it.
  var upperBound: Int64 {
    guard height <= IndexedPlace.lastHeight else { return .max }
    // A block has fewer transactions than the index has numbers.
    let index = max(0, min(index, (1 << IndexedPlace.indexBits) - 1))
    return IndexedPlace(height: height, index: index).position
  }

  init(position: Int64) {
    height = Height(UInt64(bitPattern: position) >> IndexedPlace.indexBits)
    index = Int(position & ((1 << IndexedPlace.indexBits) - 1))
  }
}

/// What the index knows of one transaction.
package struct IndexedTransaction: Hashable, Sendable {
  package var place: IndexedPlace
  package var outcome: TransactionOutcome
}

/// One version of an anchored record.
package struct IndexedRecordVersion: Hashable, Sendable {
  /// Counts from 1.
  package var version: UInt64
  package var place: IndexedPlace
  /// The operation in the transaction that anchored it, from 0.
  package var operation: Int
}

/// What the index holds.
package struct IndexCounts: Hashable, Sendable {
  /// Transactions in all blocks, the failed ones included.
  package var transactions: UInt64 = 0
  package var failed: UInt64 = 0
  /// Pairs of an account and a transaction that names it.
  package var activities: UInt64 = 0
  package var recordVersions: UInt64 = 0
}

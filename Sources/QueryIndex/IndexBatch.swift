internal import Ledger
internal import Primitives

/// The rows of several blocks, collected before they are written.
struct IndexBatch {
  struct TransactionRow {
    var id: Digest
    var position: Int64
    var outcome: TransactionOutcome
  }

  struct ActivityRow {
    var account: AccountName
    var position: Int64
  }

  struct RecordRow {
    var collection: CollectionName
    var key: String
    var position: Int64
    var operation: Int
  }

  private(set) var transactions: [TransactionRow] = []
  private(set) var activities: [ActivityRow] = []
  /// In chain order, which determines the versions.
  private(set) var records: [RecordRow] = []
  /// The blocks with operations on holds.
  private(set) var heightsWithHolds: Set<Height> = []
  private(set) var failed = 0
  // Accounts of the current transaction; used only for membership tests, never iterated.
  private var seen: Set<AccountName> = []

  init(_ blocks: [IndexedBlock]) {
    for block in blocks { add(block) }
    // Rows that are adjacent in the database are written together, so a batch touches each page once.
    transactions.sort { $0.id < $1.id }
    activities.sort { $0.account != $1.account ? $0.account < $1.account : $0.position < $1.position }
  }

  private mutating func add(_ indexed: IndexedBlock) {
    for index in 0..<indexed.block.count {
      let outcome = indexed.outcomes[index]
      let position = IndexedPlace(height: indexed.block.height, index: index).position
      let view = indexed.block.transaction(at: index)
      transactions.append(TransactionRow(id: view.id, position: position, outcome: outcome))
      if !outcome.isApplied { failed += 1 }
      seen.removeAll(keepingCapacity: true)
      var cursor = view.operations
      var number = 0
      while let operation = cursor.next() {
        switch operation {
        case .holdPlace, .holdCapture, .holdRelease: heightsWithHolds.insert(indexed.block.height)
        default: break
        }
        let touched = operation.touched
        if let account = touched.first { touch(account, position) }
        if let account = touched.second { touch(account, position) }
        if let account = touched.openedAccount { touch(account, position) }
        // A failed transaction anchors nothing.
        if let record = touched.record, outcome.isApplied {
          records.append(
            RecordRow(
              collection: record.collection, key: record.key.text(in: cursor.buffer), position: position,
              operation: number))
        }
        number += 1
      }
    }
  }

  private mutating func touch(_ account: AccountName, _ position: Int64) {
    guard seen.insert(account).inserted else { return }
    activities.append(ActivityRow(account: account, position: position))
  }
}

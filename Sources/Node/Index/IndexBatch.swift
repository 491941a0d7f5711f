internal import Ledger
internal import Primitives

/// The rows of some blocks, collected before they are written.
struct IndexBatch {
  struct TransactionRow {
    var id: Digest
    var position: Int64
    var outcome: TransactionOutcome
  }

  /// A transaction names an account.
  private struct Touch {
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
  /// Pairs of an account and a transaction that names it.
  private(set) var activityCount = 0
  /// In the order of the chain: it gives the versions.
  private(set) var records: [RecordRow] = []
  private(set) var failed = 0

  init(_ blocks: [IndexedBlock]) {
    var touches: [Touch] = []
    for block in blocks { add(block, &touches) }
    // Neighbours in the database are written together: each page is touched once for a batch.
    transactions.sort { $0.id < $1.id }
    touches.sort { $0.account != $1.account ? $0.account < $1.account : $0.position < $1.position }
    collect(touches)
  }

  /// Makes rows of what is in order.
  private mutating func collect(_ touches: [Touch]) {
    var positions: [Int64] = []
    for (index, touch) in touches.enumerated() {
      let next = index + 1 < touches.count ? touches[index + 1] : nil
      let isLast = next?.account != touch.account
      // A transaction may name an account more than once.
      if isLast || next?.position != touch.position { positions.append(touch.position) }
      guard isLast || positions.count == ActivityRow.mostPositions else { continue }
      activities.append(ActivityRow(touch.account, positions))
      activityCount += positions.count
      positions.removeAll(keepingCapacity: true)
    }
  }

  private mutating func add(_ indexed: IndexedBlock, _ touches: inout [Touch]) {
    for index in 0..<indexed.block.count {
      let outcome = indexed.outcomes[index]
      let position = IndexedPlace(height: indexed.block.height, index: index).position
      let view = indexed.block.transaction(at: index)
      transactions.append(TransactionRow(id: view.id, position: position, outcome: outcome))
      if !outcome.isApplied { failed += 1 }
      func touch(_ account: AccountName) { touches.append(Touch(account: account, position: position)) }
      var cursor = view.operations
      var number = 0
      while let operation = cursor.next() {
        switch operation {
        case .assetTransfer(_, let from, let to, _, _):
          touch(from)
          touch(to)
        case .assetIssue(_, let account, _), .assetRetire(_, let account, _), .accountOpen(let account, _),
          .accountFreeze(let account), .accountUnfreeze(let account):
          touch(account)
        case .memberAdd(let name, _, _):
          // It opens the member's first account.
          touch(AccountName(name))
        case .recordAnchor(_, let collection, let key, _, _):
          // A failed transaction anchored nothing.
          guard outcome.isApplied else { break }
          records.append(
            RecordRow(
              collection: collection, key: key.text(in: cursor.buffer), position: position, operation: number))
        case .memberUpdate, .memberSuspend, .memberRestore, .assetDefine:
          break
        }
        number += 1
      }
    }
  }
}

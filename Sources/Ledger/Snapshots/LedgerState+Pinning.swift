internal import Primitives

// A settled state can be kept while the chain goes on, and copied piece by piece. Rows that change meanwhile keep
// their old versions, as unsettled rows do, so pinning costs nothing and a piece can be as small as desired.
extension LedgerState {
  /// Keeps the state as of the last settled block until `unpin`. No state may be pinned already.
  package mutating func pin() {
    precondition(pinnedPoint == nil, "the state after \(settled.height) cannot be pinned while another one is")
    pinnedPoint = settled
    perform(.pin(height: settled.height.rawValue))
  }

  package mutating func unpin() {
    pinnedPoint = nil
    perform(.unpin)
  }

  /// Copies entries of the pinned state until at least `limit` rows were visited. Returns false when there are no
  /// more.
  package func copyPinned(_ cursor: inout PinnedCursor, rows limit: Int, into batch: inout StateEntryBatch) -> Bool {
    var left = limit
    while left > 0 {
      guard cursor.table < StateKey.Kind.order.count else { return false }
      let kind = StateKey.Kind.order[cursor.table]
      let count = slotCount(of: kind)
      while left > 0, Int(cursor.slot) < count {
        let entry = entry(at: EntryPlace(kind, cursor.slot), isPinned: true)
        if let entry { batch.append(entry) }
        // A group of remembered transactions counts as one row for each transaction.
        if case .remembered(let group) = entry { left -= group.identities.count } else { left -= 1 }
        cursor.slot += 1
      }
      if Int(cursor.slot) >= count { cursor = PinnedCursor(table: cursor.table + 1) }
    }
    return true
  }

  /// The maximum number of rows of the pinned state.
  package var pinnedRowBound: Int { StateKey.Kind.order.reduce(0) { $0 + slotCount(of: $1) } }
}

internal import Primitives

/// How far a walk over the pinned state is.
package struct PinnedCursor: Sendable {
  var table = 0
  var slot: UInt32 = 0

  package init() {}
}

// A settled state can be kept while the chain goes on, to be copied out piece by piece. Rows that change meanwhile keep
// their old versions, as they do until they are settled; so pinning costs nothing and each piece is as small as wanted.
extension LedgerState {
  /// Keeps the state after the last settled block until `unpin`. Nothing is pinned now.
  package mutating func pin() {
    precondition(pinnedPoint == nil, "the state after \(settled.height) cannot be pinned beside another")
    pinnedPoint = settled
    members.pin()
    accounts.pin()
    assets.pin()
    balances.pin()
    collections.pin()
    records.pin()
    recordVersions.pin()
    identities.pin(at: settled.height.rawValue)
  }

  package mutating func unpin() {
    pinnedPoint = nil
    members.unpin()
    accounts.unpin()
    assets.unpin()
    balances.unpin()
    collections.unpin()
    records.unpin()
    recordVersions.unpin()
    identities.unpin()
  }

  /// Copies entries of the pinned state until `limit` rows were looked at, or a few more. False when there are no more.
  package func copyPinned(_ cursor: inout PinnedCursor, rows limit: Int, into batch: inout StateEntryBatch) -> Bool {
    var left = limit
    while left > 0 {
      let count = rowCount(of: cursor.table)
      guard let count else { return false }
      while left > 0, Int(cursor.slot) < count {
        let entry = pinnedEntry(cursor.table, cursor.slot)
        if let entry { batch.append(entry) }
        // A group of remembered transactions is as much as so many rows.
        if case .remembered(let group) = entry { left -= group.identities.count } else { left -= 1 }
        cursor.slot += 1
      }
      if Int(cursor.slot) >= count { cursor = PinnedCursor(table: cursor.table + 1) }
    }
    return true
  }

  /// How many rows the pinned state has, at most.
  package var pinnedRowBound: Int { (0...8).reduce(0) { $0 + (rowCount(of: $1) ?? 0) } }

  private func rowCount(of table: Int) -> Int? {
    switch table {
    case 0: 1
    case 1: members.count
    case 2: accounts.count
    case 3: assets.count
    case 4: balances.count
    case 5: collections.count
    case 6: records.count
    case 7: recordVersions.count
    case 8: identities.slotCount
    default: nil
    }
  }

  private func pinnedEntry(_ table: Int, _ slot: UInt32) -> StateEntry? {
    switch table {
    case 0: .parameters(parameters)
    case 1: members.pinned(slot).map { .member($0) }
    case 2: accounts.pinned(slot).map { .account($0.account) }
    case 3: assets.pinned(slot).map { .asset($0.asset) }
    // Slots of settled rows never change their names.
    case 4: balances.pinned(slot).flatMap { $0.amount == .zero ? nil : balance($0) }
    case 5: collections.pinned(slot).map { collection($0) }
    case 6: records.pinned(slot).map { .record($0.record) }
    case 7: recordVersions.pinned(slot).map { .recordVersion($0.record) }
    default: identities.pinned(slot).map { .remembered($0) }
    }
  }
}

extension PinnedCursor {
  fileprivate init(table: Int) { self.table = table }
}

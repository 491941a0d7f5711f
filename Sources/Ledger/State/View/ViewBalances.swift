internal import Primitives

/// The balances of a view, in the slots of the state's table. Those above zero are sorted by account and asset, so that
/// listing some costs no more than these, however many an account has or once had.
struct ViewBalances: ~Copyable {
  private var rows: [BalanceRow] = []
  private var sorted = SortedSlots()

  init(_ table: borrowing VersionedTable<BalanceRow>, accounts: Int, _ assets: borrowing ViewTable<AssetRow>) {
    rows.reserveCapacity(table.count)
    // The accounts are few compared with the balances of some of them, so the balances are grouped before sorting.
    var ends = [Int](repeating: 0, count: accounts + 1)
    for slot in 0..<UInt32(table.count) {
      guard let row = table.settled(slot) else { break }
      rows.append(row)
      if row.amount != .zero { ends[Int(row.account) + 1] += 1 }
    }
    for account in 0..<accounts { ends[account + 1] += ends[account] }
    var slots = [UInt32](repeating: 0, count: ends[accounts])
    // Filling a group moves its start to its end, which is where the next one starts.
    for (slot, row) in rows.enumerated() where row.amount != .zero {
      slots[ends[Int(row.account)]] = UInt32(slot)
      ends[Int(row.account)] += 1
    }
    let assets = assets.rows
    var start = 0
    for account in 0..<accounts {
      let end = ends[account]
      if end - start > 1 {
        slots[start..<end].sort { [rows] in
          assets[Int(rows[Int($0)].asset)].key < assets[Int(rows[Int($1)].asset)].key
        }
      }
      start = end
    }
    sorted = SortedSlots(ascending: slots)
  }

  /// The assets must already include those of the changes.
  mutating func apply(_ changes: [RowChange<BalanceRow>], _ assets: borrowing ViewTable<AssetRow>) {
    let assets = assets.rows
    for change in changes {
      let (slot, row) = (change.slot, change.row)
      let isNew = Int(slot) == rows.count
      let wasListed = !isNew && rows[Int(slot)].amount != .zero
      if isNew { rows.append(row) } else { rows[Int(slot)] = row }
      let isListed = row.amount != .zero
      guard isListed != wasListed else { continue }
      let name = assets[Int(row.asset)].key
      let precedes = { [rows] (other: UInt32) in Self.precedes(rows[Int(other)], row.account, name, assets) }
      if isListed { sorted.insert(slot, precedes) } else { sorted.remove(slot, precedes) }
    }
  }

  /// At most `limit` balances of the account in a slot, without those of zero, in the order of the assets' names.
  func list(of account: UInt32, limit: Int, _ assets: borrowing ViewTable<AssetRow>) -> [Balance] {
    var found: [Balance] = []
    sorted.visit(
      from: { rows[Int($0)].account < account },
      { slot in
        let row = rows[Int(slot)]
        guard found.count < limit, row.account == account else { return false }
        found.append(Balance(asset: assets.rows[Int(row.asset)].key, amount: row.amount))
        return true
      })
    return found
  }

  private static func precedes(_ row: BalanceRow, _ account: UInt32, _ asset: Name, _ assets: [AssetRow]) -> Bool {
    row.account != account ? row.account < account : assets[Int(row.asset)].key < asset
  }
}

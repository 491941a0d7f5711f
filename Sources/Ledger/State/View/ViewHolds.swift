internal import Primitives

/// The open holds of a view, in the slots of the state's table, sorted by expiry: all of them, those of each payer's
/// account and those for each payee's; and what is held from each account.
struct ViewHolds: ~Copyable {
  /// A list by account; the one of all holds has the same account for each.
  private enum Side: Int, CaseIterable {
    case all
    case from
    case to

    func account(_ row: HoldRow) -> UInt32 {
      switch self {
      case .all: 0
      case .from: row.account
      case .to: row.payee
      }
    }
  }

  private var rows: [HoldRow] = []
  private var index = SlotIndex()
  private let seed = HashSeed.process
  private var lists = Side.allCases.map { _ in SortedSlots() }
  /// What is held of assets from one account, by the assets' slots, and these in the order of the assets' names.
  private struct Held {
    var amounts: [UInt32: Amount] = [:]
    var order: [UInt32] = []
  }

  /// What is held from each account, by its slot.
  private var held: [UInt32: Held] = [:]

  init(
    _ table: borrowing VersionedTable<HoldRow>, _ accounts: borrowing ViewTable<AccountRow>,
    _ assets: borrowing ViewTable<AssetRow>
  ) {
    let assets = assets.rows
    rows.reserveCapacity(table.count)
    var open: [UInt32] = []
    for slot in 0..<UInt32(table.count) {
      var row = table[slot]
      if let settled = table.settled(slot) { row = settled } else { row.amount = .zero }
      rows.append(row)
      guard !row.isVacant else { continue }
      open.append(slot)
      index.insert(row.key.hash(seed), slot)
      add(row, assets)
    }
    let accounts = accounts.rows
    open.sort { [rows] in Self.position(rows[Int($0)], accounts) < Self.position(rows[Int($1)], accounts) }
    for side in Side.allCases {
      // Sorting twice would be one comparison more for each; a stable grouping keeps the order within an account.
      let sorted = open.enumerated().sorted { [rows] left, right in
        let (one, other) = (side.account(rows[Int(left.element)]), side.account(rows[Int(right.element)]))
        return one != other ? one < other : left.offset < right.offset
      }
      lists[side.rawValue] = SortedSlots(ascending: sorted.map(\.element))
    }
  }

  /// The accounts and assets must already include those of the changes.
  mutating func apply(
    _ changes: [RowChange<HoldRow>], _ accounts: borrowing ViewTable<AccountRow>,
    _ assets: borrowing ViewTable<AssetRow>
  ) {
    let (accounts, assets) = (accounts.rows, assets.rows)
    // What was held goes first: with some of the new holds beside the old ones, a sum could be too large.
    for change in changes where Int(change.slot) < rows.count && !rows[Int(change.slot)].isVacant {
      remove(change.slot, accounts, assets)
    }
    for change in changes {
      let (slot, row) = (change.slot, change.row)
      // A block may create rows and take the first of them back, so the slots need not come in order.
      while rows.count <= Int(slot) {
        rows.append(row)
        rows[rows.count - 1].amount = .zero
      }
      rows[Int(slot)] = row
      if !row.isVacant { insert(slot, accounts, assets) }
    }
  }

  func row(of account: UInt32, _ reference: HoldReference) -> HoldRow? {
    let key = HoldRow.Key(account: account, reference: reference)
    return index.slot(key.hash(seed)) { rows[Int($0)].key == key }.map { rows[Int($0)] }
  }

  /// What is held from an account of at most `limit` assets, by the assets' slots, in the order of their names.
  func held(from account: UInt32, limit: Int) -> [(asset: UInt32, amount: Amount)] {
    guard let held = held[account] else { return [] }
    return held.order.prefix(limit).map { ($0, held.amounts[$0] ?? .zero) }
  }

  /// Visits all holds after `position`, or from the first on, until `body` returns false.
  func visitAll(after position: HoldPosition?, _ accounts: [AccountRow], _ body: (HoldRow) -> Bool) {
    visit(.all, 0, position, accounts, body)
  }

  /// Visits the holds of a payer's account.
  func visit(from account: UInt32, after position: HoldPosition?, _ accounts: [AccountRow], _ body: (HoldRow) -> Bool) {
    visit(.from, account, position, accounts, body)
  }

  /// Visits the holds for a payee's account.
  func visit(to account: UInt32, after position: HoldPosition?, _ accounts: [AccountRow], _ body: (HoldRow) -> Bool) {
    visit(.to, account, position, accounts, body)
  }

  private func visit(
    _ side: Side, _ account: UInt32, _ position: HoldPosition?, _ accounts: [AccountRow], _ body: (HoldRow) -> Bool
  ) {
    lists[side.rawValue].visit(
      from: { slot in
        let row = rows[Int(slot)]
        let other = side.account(row)
        guard other == account else { return other < account }
        return position.map { Self.position(row, accounts) <= $0 } ?? false
      },
      { slot in
        let row = rows[Int(slot)]
        return side.account(row) == account && body(row)
      })
  }

  private mutating func insert(_ slot: UInt32, _ accounts: [AccountRow], _ assets: [AssetRow]) {
    let row = rows[Int(slot)]
    index.insert(row.key.hash(seed), slot)
    add(row, assets)
    for side in Side.allCases {
      lists[side.rawValue].insert(slot) { [rows] in Self.precedes(side, rows[Int($0)], row, accounts) }
    }
  }

  private mutating func remove(_ slot: UInt32, _ accounts: [AccountRow], _ assets: [AssetRow]) {
    let row = rows[Int(slot)]
    index.remove(row.key.hash(seed), slot)
    subtract(row, assets)
    for side in Side.allCases {
      lists[side.rawValue].remove(slot) { [rows] in Self.precedes(side, rows[Int($0)], row, accounts) }
    }
  }

  private static func precedes(_ side: Side, _ one: HoldRow, _ other: HoldRow, _ accounts: [AccountRow]) -> Bool {
    let (left, right) = (side.account(one), side.account(other))
    return left != right ? left < right : position(one, accounts) < position(other, accounts)
  }

  private static func position(_ row: HoldRow, _ accounts: [AccountRow]) -> HoldPosition {
    HoldPosition(expires: row.expires, from: accounts[Int(row.account)].account.name, reference: row.reference)
  }

  private mutating func add(_ row: HoldRow, _ assets: [AssetRow]) {
    // All that is held of an asset is within its supply, so the sum fits.
    let sum = (held[row.account]?.amounts[row.asset] ?? .zero).adding(row.amount)
    if held[row.account]?.amounts[row.asset] == nil {
      let place = place(of: row.asset, heldFrom: row.account, assets)
      held[row.account, default: Held()].order.insert(row.asset, at: place)
    }
    held[row.account]?.amounts[row.asset] = sum
  }

  private mutating func subtract(_ row: HoldRow, _ assets: [AssetRow]) {
    let rest = held[row.account]?.amounts[row.asset]?.subtracting(row.amount)
    guard rest == .zero else {
      held[row.account]?.amounts[row.asset] = rest
      return
    }
    let place = place(of: row.asset, heldFrom: row.account, assets)
    held[row.account]?.order.remove(at: place)
    held[row.account]?.amounts[row.asset] = nil
    if held[row.account]?.order.isEmpty == true { held[row.account] = nil }
  }

  /// The place of an asset among those of which something is held from the account.
  private func place(of asset: UInt32, heldFrom account: UInt32, _ assets: [AssetRow]) -> Int {
    let order = held[account]?.order ?? []
    let name = assets[Int(asset)].key
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if assets[Int(order[middle])].key < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

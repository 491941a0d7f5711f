/// An asset whose supply is not the sum of what is available and what is held.
public struct SupplyDifference: Hashable, Sendable {
  public let asset: Name
  public let supply: Amount
  /// Nil if the sum is 2^128 units or more.
  public let held: Amount?
}

extension LedgerState {
  /// The first asset of which accounts have more or less than its supply at the tip, available and held; nil if there is
  /// none. Walks over all balances and holds.
  public func supplyDifference() -> SupplyDifference? {
    var held = [Amount?](repeating: .zero, count: assets.count)
    for row in balances.rows {
      held[Int(row.asset)] = held[Int(row.asset)].flatMap { $0.adding(row.amount) }
    }
    for row in holds.rows where !row.isVacant {
      held[Int(row.asset)] = held[Int(row.asset)].flatMap { $0.adding(row.amount) }
    }
    for (row, held) in zip(assets.rows, held) where row.asset.supply != held {
      return SupplyDifference(asset: row.asset.name, supply: row.asset.supply, held: held)
    }
    return nil
  }

  /// The first account whose count of balances above zero and open holds is wrong at the tip; nil if there is none. Walks over
  /// all balances and holds.
  package func uncountedUse() -> AccountName? {
    var uses = AccountUses()
    for row in balances.rows where row.amount != .zero { uses.add(row.account) }
    for row in holds.rows where !row.isVacant { uses.open(row) }
    let wrong = accounts.rows.indices.first { uses.count(UInt32($0)) != derived.uses.count(UInt32($0)) }
    return wrong.map { accounts.rows[$0].account.name }
  }
}

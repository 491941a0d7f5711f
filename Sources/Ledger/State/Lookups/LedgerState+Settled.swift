public import Primitives

// Look-ups as of the last settled block, however far the tip is ahead of it.
extension LedgerState {
  public func settledMember(_ name: Name) -> Member? { members.settled(name) }

  public func settledAccount(_ name: AccountName) -> Account? { accounts.settled(name)?.account }

  public func settledAsset(_ name: Name) -> Asset? { assets.settled(name)?.asset }

  /// The account's balance of the asset; zero as well if either does not exist.
  public func settledBalance(_ account: AccountName, asset: Name) -> Amount {
    guard let account = accounts.slot(of: account), let asset = assets.slot(of: asset) else { return .zero }
    return balances.settled(BalanceRow.key(account: account, asset: asset))?.amount ?? .zero
  }

  /// The latest version of a record.
  public func settledRecord(_ collection: CollectionName, key: String) -> RecordVersion? {
    records.settled(RecordRow.Key(collection: collection, key: Array(key.utf8)))?.record
  }

  /// One version of a record.
  public func settledRecord(_ collection: CollectionName, key: String, version: UInt64) -> RecordVersion? {
    guard let slot = records.slot(of: RecordRow.Key(collection: collection, key: Array(key.utf8))),
      let latest = records.settled(slot)?.record
    else { return nil }
    if latest.version == version { return latest }
    guard version < latest.version else { return nil }
    return recordVersions.slot(of: RecordVersionRow.Key(record: slot, version: version))
      .map { recordVersions.rows[Int($0)].record }
  }

  /// The member that a collection belongs to.
  public func settledOwner(of collection: CollectionName) -> Name? {
    collections.settled(collection).map { members.rows[Int($0.owner)].name }
  }

  /// Whether the transaction `id` was in a settled block and is still remembered.
  public func settledContains(_ id: Digest) -> Bool { identities.settledContains(id) }

  /// Whether the transaction `id` was in a block up to the tip and is still remembered, so that it cannot be applied.
  public func contains(_ id: Digest) -> Bool { identities.contains(id) }

  /// The number of transactions remembered at the tip.
  public var rememberedCount: Int { identities.count }

  // MARK: Lists, in byte order: at most `limit` items after the given one

  public func settledMembers(after name: Name? = nil, limit: Int) -> [Member] {
    list(members, after: name, limit) { $0 }
  }

  public func settledAssets(after name: Name? = nil, limit: Int) -> [Asset] {
    list(assets, after: name, limit) { $0.asset }
  }

  public func settledAccounts(after name: AccountName? = nil, limit: Int) -> [Account] {
    list(accounts, after: name, limit) { $0.account }
  }

  /// The accounts of one member.
  public func settledAccounts(of owner: Name, after name: AccountName? = nil, limit: Int) -> [Account] {
    var found: [Account] = []
    let own = AccountName(owner)
    if name.map({ $0 < own }) ?? true, limit > 0, let account = settledAccount(own) { found.append(account) }
    // Names like `owner-x/…` sort between `owner` and `owner/0`, the lowest account name below `owner`.
    guard let lowest = AccountName("\(owner)/0") else { return found }
    let start = max(name ?? lowest, lowest)
    accounts.visitSettled(from: start) { row in
      guard found.count < limit, row.account.name.owner == owner else { return false }
      if row.account.name != name { found.append(row.account) }
      return true
    }
    return found
  }

  /// The balances of an account, without those of zero.
  public func settledBalances(of account: AccountName, after asset: Name? = nil, limit: Int) -> [Balance] {
    guard let slot = accounts.slot(of: account) else { return [] }
    var found: [Balance] = []
    var next = derived.firstBalances[Int(slot)]
    while next != BalanceRow.none {
      let row = balances.rows[Int(next)]
      if let settled = balances.settled(next), settled.amount != .zero {
        found.append(Balance(asset: assets.rows[Int(row.asset)].asset.name, amount: settled.amount))
      }
      next = row.next
    }
    found.sort { $0.asset < $1.asset }
    return Array(found.drop { balance in asset.map { balance.asset <= $0 } ?? false }.prefix(max(limit, 0)))
  }

  public func settledCollections(after name: CollectionName? = nil, limit: Int) -> [CollectionName] {
    list(collections, after: name, limit) { $0.name }
  }

  /// The latest versions of the records of one collection.
  public func settledRecords(
    in collection: CollectionName, after key: String? = nil, limit: Int
  ) -> [RecordVersion] {
    var found: [RecordVersion] = []
    let start = RecordRow.Key(collection: collection, key: Array((key ?? "").utf8))
    records.visitSettled(from: start) { row in
      guard found.count < limit, row.record.collection == collection else { return false }
      if key == nil || row.key != start { found.append(row.record) }
      return true
    }
    return found
  }

  private func list<Row: TableRow, Value>(
    _ table: borrowing VersionedTable<Row>, after key: Row.Key?, _ limit: Int, _ value: (Row) -> Value
  ) -> [Value] {
    var found: [Value] = []
    table.visitSettled(from: key) { row in
      guard found.count < limit else { return false }
      if row.key != key { found.append(value(row)) }
      return true
    }
    return found
  }
}

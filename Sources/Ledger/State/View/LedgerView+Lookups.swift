internal import Primitives

extension LedgerView {
  package var parameters: ChainParameters { parametersTable.rows[0].value }

  /// The configuration of the epoch of the next block.
  package var configuration: ChainConfiguration { configurationTable.rows[0].value }

  package func member(_ name: Name) -> Member? { members.row(of: name) }

  package func asset(_ name: Name) -> Asset? { assets.row(of: name)?.asset }

  /// The cap and the freeze of an asset; nil if there is no asset of that name.
  package func terms(ofAsset name: Name) -> AssetTerms? { assets.row(of: name)?.terms }

  package func account(_ name: AccountName) -> Account? { accounts.row(of: name)?.account }

  /// The balances of an account, without those of zero, in the order of the assets' names: at most `limit`.
  package func balances(of account: AccountName, limit: Int) -> [Balance] {
    accounts.slot(of: account).map { balances.list(of: $0, limit: limit, assets) } ?? []
  }

  /// The latest version of a record.
  package func record(_ collection: CollectionName, key: String) -> RecordVersion? {
    records.row(of: RecordRow.Key(collection: collection, key: Array(key.utf8)))?.record
  }

  /// A node of the directory.
  package func node(_ name: Name) -> DirectoryEntry? { directory.row(of: name)?.node }

  // MARK: Lists, in byte order: at most `limit` items after the given one

  package func members(after name: Name? = nil, limit: Int) -> [Member] {
    members.list(after: name, limit: limit) { $0 }
  }

  package func assets(after name: Name? = nil, limit: Int) -> [Asset] {
    assets.list(after: name, limit: limit) { $0.asset }
  }

  package func accounts(after name: AccountName? = nil, limit: Int) -> [Account] {
    accounts.list(after: name, limit: limit) { $0.account }
  }

  /// The nodes of the directory.
  package func nodes(after name: Name? = nil, limit: Int) -> [DirectoryEntry] {
    directory.list(after: name, limit: limit) { $0.node }
  }

  /// The accounts of one member.
  package func accounts(of owner: Name, after name: AccountName? = nil, limit: Int) -> [Account] {
    var found: [Account] = []
    let own = AccountName(owner)
    if name.map({ $0 < own }) ?? true, limit > 0, let account = account(own) { found.append(account) }
    // Names like `owner-x/…` sort between `owner` and `owner/0`, the lowest account name below `owner`.
    guard let lowest = AccountName("\(owner)/0") else { return found }
    let start = max(name ?? lowest, lowest)
    accounts.visit(from: start) { row in
      guard found.count < limit, row.account.name.owner == owner else { return false }
      if row.account.name != name { found.append(row.account) }
      return true
    }
    return found
  }
}

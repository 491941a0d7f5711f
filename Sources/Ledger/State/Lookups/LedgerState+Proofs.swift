internal import Cryptography
internal import Primitives

extension LedgerState {
  /// The entry under `key` at the tip, nil if there is none.
  public func entry(_ key: StateKey) -> StateEntry? {
    switch key {
    case .parameters: return .parameters(parameters)
    case .member(let name):
      return members.slot(of: name).map { .member(members.rows[Int($0)]) }
    case .account(let name):
      return accounts.slot(of: name).map { .account(accounts.rows[Int($0)].account) }
    case .asset(let name):
      return assets.slot(of: name).map { .asset(assets.rows[Int($0)].asset) }
    case .balance(let account, let asset):
      guard let payer = accounts.slot(of: account), let unit = assets.slot(of: asset),
        let slot = balances.slot(of: BalanceRow.key(account: payer, asset: unit))
      else { return nil }
      let row = balances[slot]
      return row.amount == .zero ? nil : balance(row)
    case .collection(let name): return collections.slot(of: name).map { collection(collections[$0]) }
    case .record(let collection, let key):
      return records.slot(of: RecordRow.Key(collection: collection, key: Array(key.utf8)))
        .map { .record(records.rows[Int($0)].record) }
    case .recordVersion(let collection, let key, let version):
      guard let record = records.slot(of: RecordRow.Key(collection: collection, key: Array(key.utf8))) else {
        return nil
      }
      return recordVersions.slot(of: RecordVersionRow.Key(record: record, version: version))
        .map { .recordVersion(recordVersions.rows[Int($0)].record) }
    case .remembered:
      var hash = HashFunction(chain.suite)
      return map.place(of: key.digest(hash: &hash)).map { entry(at: $0) }
    }
  }

  /// Proves against the tip's state root what the state has under `key`, or that it has nothing.
  public func prove(_ key: StateKey) -> StateProof {
    var hash = HashFunction(chain.suite)
    let path = map.prove(key.digest(hash: &hash)) { entry(at: $0).valueDigest(hash: &hash) }
    return StateProof(key: key, entry: entry(key), path: path)
  }

  /// The entry that the map names a place of.
  private func entry(at place: EntryPlace) -> StateEntry {
    let slot = place.slot
    switch place.kind {
    case .parameters: return .parameters(parameters)
    case .member: return .member(members[slot])
    case .account: return .account(accounts[slot].account)
    case .asset: return .asset(assets[slot].asset)
    case .balance: return balance(balances[slot])
    case .collection: return collection(collections[slot])
    case .record: return .record(records[slot].record)
    case .recordVersion: return .recordVersion(recordVersions[slot].record)
    case .remembered: return .remembered(identities[slot])
    }
  }

  /// A balance that is not zero.
  func balance(_ row: BalanceRow) -> StateEntry {
    .balance(accounts[row.account].account.name, asset: assets[row.asset].asset.name, amount: row.amount)
  }

  func collection(_ row: CollectionRow) -> StateEntry { .collection(row.name, owner: members[row.owner].name) }
}

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
      let amount = balances.rows[Int(slot)].amount
      return amount == .zero ? nil : .balance(account, asset: asset, amount: amount)
    case .collection(let name):
      return collections.slot(of: name).map {
        .collection(name, owner: members.rows[Int(collections.rows[Int($0)].owner)].name)
      }
    case .record(let collection, let key):
      return records.slot(of: RecordRow.Key(collection: collection, key: Array(key.utf8)))
        .map { .record(records.rows[Int($0)].record) }
    case .recordVersion(let collection, let key, let version):
      guard let record = records.slot(of: RecordRow.Key(collection: collection, key: Array(key.utf8))) else {
        return nil
      }
      return recordVersions.slot(of: RecordVersionRow.Key(record: record, version: version))
        .map { .recordVersion(recordVersions.rows[Int($0)].record) }
    case .identity(let id):
      return identities.validUntil(id).map { .identity(id, validUntil: $0) }
    }
  }

  /// Proves against the tip's state root what the state has under `key`, or that it has nothing.
  public func prove(_ key: StateKey) -> StateProof {
    var hash = HashFunction(chain.suite)
    return StateProof(key: key, entry: entry(key), path: map.prove(key.digest(hash: &hash)))
  }
}

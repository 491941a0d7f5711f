internal import Cryptography
internal import Primitives

extension LedgerState {
  /// The entry under `key` at the tip; nil if there is none.
  public func entry(_ key: StateKey) -> StateEntry? {
    switch key {
    case .parameters: return .parameters(parameters)
    case .configuration: return .configuration(configuration)
    case .node(let name): return entry(directory, name)
    case .keyChange(let validator): return entry(keyChanges, validator)
    case .hold(let payer, let reference): return openHold(payer, reference).flatMap { holds[$0].entry(in: self) }
    case .member(let name): return entry(members, name)
    case .account(let name): return entry(accounts, name)
    case .asset(let name): return entry(assets, name)
    case .assetTerms(let asset): return assets.slot(of: asset).flatMap { assets[$0].termsEntry }
    case .balance(let account, let asset):
      guard let payer = accounts.slot(of: account), let unit = assets.slot(of: asset) else { return nil }
      return entry(balances, BalanceRow.key(account: payer, asset: unit))
    case .collection(let name): return entry(collections, name)
    case .record(let collection, let key):
      return entry(records, RecordRow.Key(collection: collection, key: Array(key.utf8)))
    case .remembered:
      var hash = HashFunction(chain.suite)
      return map.place(of: key.digest(hash: &hash)).flatMap { entry(at: $0, isPinned: false) }
    }
  }

  private func entry<Row: StateRow>(_ table: borrowing VersionedTable<Row>, _ key: Row.Key) -> StateEntry? {
    table.slot(of: key).flatMap { table[$0].entry(in: self) }
  }

  /// Proves against the tip's state root which entry the state has under `key`, or that it has none.
  public func prove(_ key: StateKey) -> StateProof {
    var hash = HashFunction(chain.suite)
    let path = map.prove(key.digest(hash: &hash)) { place in
      guard let entry = entry(at: place, isPinned: false) else {
        preconditionFailure("the map names \(place), which has no entry")
      }
      return entry.valueDigest(hash: &hash)
    }
    return StateProof(key: key, entry: entry(key), path: path)
  }
}

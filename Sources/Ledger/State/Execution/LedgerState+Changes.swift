internal import Cryptography
internal import Primitives

extension LedgerState {
  /// Sets `changes` to the block's changes of the map, one for each touched entry: those that the open block makes,
  /// or those that revert the newest block.
  mutating func collectChanges(_ block: ChangedBlock) {
    changes.removeAll(keepingCapacity: true)
    for index in StateKey.Kind.order.indices { collectChanges(block, StateKey.Kind.order[index]) }
  }

  mutating func collect<Row: StateRow>(
    _ block: ChangedBlock, _ versions: [VersionedTable<Row>.Version], _ rows: [Row], _ kind: StateKey.Kind
  ) {
    for version in versions {
      let new = rows[Int(version.slot)].entry(in: self)
      let old = block == .newest || new == nil ? version.old?.entry(in: self) : nil
      // A row without an entry before and after the block is no change.
      guard let known = new ?? old else { continue }
      let wanted = block == .open ? new : old
      let value = wanted.map { entry in digest(.stateValue) { entry.encodeValue(into: &$0) } }
      let place = EntryPlace(kind, version.slot)
      changes.append(MerkleMap.Change(key: keyDigest(known.key), value: value, place: place))
    }
  }

  /// Stores in the balance rows which leaves the last update of the map added for them.
  mutating func noteLeaves() {
    for leaf in map.added {
      let place = map.leaves[leaf].place
      if place.kind == .balance { balances.amend(place.slot) { $0.leaf = leaf } }
    }
  }

  /// A balance of zero has no entry, and a balance that ends the block as it began it is no change.
  mutating func collectBalances(_ block: ChangedBlock) {
    for version in balances.versions(of: block) {
      let row = balances[version.slot]
      let before = version.old?.amount ?? .zero
      guard row.amount != before else { continue }
      let amount = block == .open ? row.amount : before
      let value = amount == .zero ? nil : digest(.stateValue) { amount.encode(into: &$0) }
      let place = EntryPlace(.balance, version.slot)
      // Balances change often, and reading the leaf is faster than hashing the key.
      let key = map.key(ofLeaf: row.leaf, at: place) ?? keyDigest(balanceKey(row))
      changes.append(MerkleMap.Change(key: key, value: value, place: place))
    }
  }

  /// The terms of assets are in the assets' rows, which may have changed in something else.
  mutating func collectAssetTerms(_ block: ChangedBlock) {
    for version in assets.versions(of: block) {
      let row = assets[version.slot]
      let before = version.old?.terms ?? AssetTerms()
      guard row.terms != before else { continue }
      let terms = block == .open ? row.terms : before
      let value = terms.isPlain ? nil : digest(.stateValue) { terms.encodeValue(into: &$0) }
      let key = keyDigest(.assetTerms(row.asset.name))
      changes.append(MerkleMap.Change(key: key, value: value, place: EntryPlace(.assetTerms, version.slot)))
    }
  }

  private func balanceKey(_ row: BalanceRow) -> StateKey {
    .balance(accounts.rows[Int(row.account)].account.name, asset: assets.rows[Int(row.asset)].asset.name)
  }

  mutating func collectIdentities(_ block: ChangedBlock) {
    let trace = identities.trace(of: block)
    let (added, removed) =
      block == .open ? (trace.remembered, trace.forgotten) : (trace.forgotten, trace.remembered)
    for slot in added {
      let entry = StateEntry.remembered(identities[slot])
      let value = digest(.stateValue) { entry.encodeValue(into: &$0) }
      changes.append(MerkleMap.Change(key: keyDigest(entry.key), value: value, place: .remembered(slot)))
    }
    for slot in removed {
      changes.append(MerkleMap.Change(removing: keyDigest(StateEntry.remembered(identities[slot]).key)))
    }
  }

  private mutating func keyDigest(_ key: StateKey) -> Digest { digest(.stateKey) { key.encode(into: &$0) } }

  /// The hash of the tag, the suite and the bytes that `encode` writes, equal to that of `StateKey` and `StateEntry`
  /// but without a new buffer for each.
  private mutating func digest(_ domain: Domain, _ encode: (inout Writer) -> Void) -> Digest {
    writer.reset()
    writer.integer(domain.word)
    writer.byte(hash.suite.rawValue)
    encode(&writer)
    return hash.hash(writer.bytes)
  }
}

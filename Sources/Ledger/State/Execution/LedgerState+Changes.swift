internal import Cryptography
internal import Primitives

extension LedgerState {
  /// Appends to `changes` what the open block changes in the map, one change for each touched entry.
  mutating func collectChanges() {
    for version in members.touched { append(.member(members.rows[Int(version.slot)])) }
    for version in accounts.touched { append(.account(accounts.rows[Int(version.slot)].account)) }
    for version in assets.touched { append(.asset(assets.rows[Int(version.slot)].asset)) }
    for version in collections.touched {
      let row = collections.rows[Int(version.slot)]
      append(.collection(row.name, owner: members.rows[Int(row.owner)].name))
    }
    for version in records.touched { append(.record(records.rows[Int(version.slot)].record)) }
    for version in recordVersions.touched {
      append(.recordVersion(recordVersions.rows[Int(version.slot)].record))
    }
    for index in balances.touched.indices {
      let slot = Int(balances.touched[index].slot)
      let amount = balances.rows[slot].amount
      let value: Digest? = amount == .zero ? nil : digest(.stateValue) { amount.encode(into: &$0) }
      changes.append(MerkleMap.Change(key: balanceKeys[slot], value: value))
    }
    for identity in identities.open.remembered {
      let value = digest(.stateValue) { $0.integer(identity.validUntil.rawValue) }
      changes.append(MerkleMap.Change(key: identityKey(identity.id), value: value))
    }
    for identity in identities.open.forgotten {
      changes.append(MerkleMap.Change(key: identityKey(identity.id), value: nil))
    }
  }

  /// The change that puts `entry` into the map.
  mutating func change(_ entry: StateEntry) -> MerkleMap.Change {
    let key = digest(.stateKey) { entry.key.encode(into: &$0) }
    return MerkleMap.Change(key: key, value: digest(.stateValue) { entry.encodeValue(into: &$0) })
  }

  private mutating func append(_ entry: StateEntry) {
    let change = change(entry)
    changes.append(change)
  }

  private mutating func identityKey(_ id: Digest) -> Digest {
    digest(.stateKey) { StateKey.identity(id).encode(into: &$0) }
  }

  /// The hash of tag, suite and what `encode` writes, as `StateKey` and `StateEntry` have it, without a buffer
  /// for each.
  private mutating func digest(_ domain: Domain, _ encode: (inout Writer) -> Void) -> Digest {
    writer.reset()
    writer.integer(domain.word)
    writer.byte(hash.suite.rawValue)
    encode(&writer)
    return hash.hash(writer.bytes)
  }
}

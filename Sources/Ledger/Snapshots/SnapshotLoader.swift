internal import Cryptography
internal import Primitives

/// Makes a ledger's state of a snapshot's chunks, taken one after the other in order.
///
/// The map's digests come with the chunks, which may have been decoded on several threads; what is left to do here
/// is to fill the tables.
package struct SnapshotLoader: ~Copyable {
  private struct Balance {
    var account: AccountName
    var asset: Name
    var amount: Amount
    /// In the state map.
    var key: Digest
  }

  private let manifest: SnapshotManifest
  private var state: LedgerState
  private var parts: [MerkleMap.Part] = []
  private var entryCount: UInt64 = 0
  // What names rows of other tables waits until all of them are here.
  private var balances: [Balance] = []
  private var collections: [(name: CollectionName, owner: Name)] = []
  private var versions: [RecordVersion] = []
  private var parameters: ChainParameters?

  /// `manifest` was verified, and so is each chunk, by it.
  package init(_ manifest: SnapshotManifest, genesis: Genesis) {
    self.manifest = manifest
    state = LedgerState(emptyFor: genesis)
    state.genesisResult = LedgerState(genesis: genesis).genesisResult
    parts.reserveCapacity(manifest.chunks.count)
  }

  package mutating func add(_ chunk: StateChunk) throws(SnapshotError) {
    guard chunk.index == parts.count else { throw .noSuchChunk(index: chunk.index, count: parts.count) }
    guard chunk.digest == manifest.chunks[chunk.index] else { throw .otherChunk(index: chunk.index) }
    parts.append(state.map.take(chunk.tree))
    entryCount += UInt64(chunk.entries.count)
    // Keys are spread evenly over the chunks: one tells about all.
    if parts.count == 1, manifest.chunks.count > 1 { reserve(for: chunk) }
    for (entry, leaf) in zip(chunk.entries, chunk.tree.leaves) { take(entry, key: leaf.key) }
  }

  private mutating func reserve(for chunk: StateChunk) {
    var (accounts, balances, identities) = (0, 0, 0)
    for entry in chunk.entries {
      switch entry {
      case .account: accounts += 1
      case .balance: balances += 1
      case .identity: identities += 1
      default: break
      }
    }
    // And a little more, because evenly is not exactly.
    func all(_ count: Int) -> Int { count * manifest.chunks.count / 15 * 16 }
    state.accounts.reserve(all(accounts))
    state.identities.reserve(all(identities))
    self.balances.reserveCapacity(all(balances))
  }

  private mutating func take(_ entry: StateEntry, key: Digest) {
    switch entry {
    case .parameters(let value): parameters = value
    case .member(let member):
      let slot = state.members.load(member)
      for key in member.authority.keys { state.keyHolders[key] = slot }
    case .account(let account): state.accounts.load(AccountRow(account: account, owner: .max))
    case .asset(let asset): state.assets.load(AssetRow(asset: asset, issuer: .max))
    case .balance(let account, let asset, let amount):
      balances.append(Balance(account: account, asset: asset, amount: amount, key: key))
    case .collection(let name, let owner): collections.append((name, owner))
    case .record(let record):
      let key = RecordRow.Key(collection: record.collection, key: Array(record.key.utf8))
      state.records.load(RecordRow(key: key, record: record))
    case .recordVersion(let record): versions.append(record)
    case .identity(let id, let validUntil):
      state.identities.load(RememberedIdentities.Identity(validUntil: validUntil, id: id))
    }
  }

  /// The state after the manifest's block.
  package consuming func finish() throws(SnapshotError) -> LedgerState {
    guard parts.count == manifest.chunks.count else {
      throw .noSuchChunk(index: parts.count, count: manifest.chunks.count)
    }
    guard entryCount == manifest.entryCount else {
      throw .entryCount(found: entryCount, manifest: manifest.entryCount)
    }
    guard parameters == state.parameters else { throw .danglingEntry(kind: "parameter") }
    try nameOwners()
    try loadBalances()
    for collection in collections {
      guard let owner = state.members.slot(of: collection.owner) else { throw .danglingEntry(kind: "member") }
      state.collections.load(CollectionRow(name: collection.name, owner: owner))
    }
    for version in versions {
      let key = RecordRow.Key(collection: version.collection, key: Array(version.key.utf8))
      guard let slot = state.records.slot(of: key) else { throw .danglingEntry(kind: "record") }
      state.recordVersions.load(RecordVersionRow(slot: slot, record: version))
    }
    state.finishLoading(manifest.proof)
    state.map.join(parts, bits: manifest.bits, hash: &state.hash)
    guard state.map.root == manifest.proof.result.stateRoot else {
      throw .otherRoot(computed: state.map.root, certified: manifest.proof.result.stateRoot)
    }
    return state
  }

  private mutating func nameOwners() throws(SnapshotError) {
    for slot in 0..<UInt32(state.accounts.count) {
      guard let owner = state.members.slot(of: state.accounts[slot].account.name.owner) else {
        throw .danglingEntry(kind: "member")
      }
      state.accounts.amend(slot) { $0.owner = owner }
    }
    for slot in 0..<UInt32(state.assets.count) {
      guard let issuer = state.members.slot(of: state.assets[slot].asset.issuer) else {
        throw .danglingEntry(kind: "member")
      }
      state.assets.amend(slot) { $0.issuer = issuer }
    }
  }

  private mutating func loadBalances() throws(SnapshotError) {
    state.firstBalances = Array(repeating: BalanceRow.none, count: state.accounts.count)
    state.balances.reserve(balances.count)
    state.balanceKeys.reserveCapacity(balances.count)
    for balance in balances {
      guard let account = state.accounts.slot(of: balance.account), let asset = state.assets.slot(of: balance.asset)
      else { throw .danglingEntry(kind: "account or asset") }
      let slot = state.balances.load(
        BalanceRow(amount: balance.amount, account: account, asset: asset, next: state.firstBalances[Int(account)]))
      state.balanceKeys.append(balance.key)
      state.firstBalances[Int(account)] = slot
    }
    balances = []
  }
}

extension LedgerState {
  /// Puts the loaded tables in order, as of a block.
  fileprivate mutating func finishLoading(_ proof: CertifiedBlock) {
    members.finishLoading()
    accounts.finishLoading()
    assets.finishLoading()
    collections.finishLoading()
    records.finishLoading()
    identities.finishLoading(at: proof.height.rawValue)
    tip = proof.point(chain, hash: &hash)
    settled = tip
    blockTime = tip.timestamp
  }
}

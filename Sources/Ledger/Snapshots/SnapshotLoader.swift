internal import Cryptography
internal import Primitives

/// Builds a ledger state from the chunks of a snapshot, which must be added in order.
///
/// The chunks, which may have been decoded on several threads, bring their part of the map along; only filling the
/// tables is left to do here.
package struct SnapshotLoader: ~Copyable {
  /// An entry that refers to rows of other tables, with its leaf in the map. It waits until all those rows are
  /// loaded.
  private struct Waiting<Value> {
    var value: Value
    var leaf: UInt32
  }

  private let manifest: SnapshotManifest
  private var state: LedgerState
  private var parts: [MerkleMap.Part] = []
  private var sizes: [Int] = []
  private var entryCount: UInt64 = 0
  private var balances: [Waiting<(account: AccountName, asset: Name, amount: Amount)>] = []
  private var collections: [Waiting<(name: CollectionName, owner: Name)>] = []
  private var holds: [Waiting<Hold>] = []
  private var terms: [Waiting<(asset: Name, terms: AssetTerms)>] = []

  /// `manifest` must have been verified. Each chunk is compared with the manifest.
  package init(_ manifest: SnapshotManifest, genesis: Genesis) {
    self.manifest = manifest
    state = LedgerState(emptyFor: genesis)
    state.genesisResult = LedgerState(genesis: genesis).genesisResult
    parts.reserveCapacity(manifest.chunks.count)
  }

  package mutating func add(_ chunk: StateChunk) throws(SnapshotError) {
    guard chunk.index == parts.count else { throw .noSuchChunk(index: chunk.index, count: parts.count) }
    guard chunk.digest == manifest.chunks[chunk.index] else { throw .otherChunk(index: chunk.index) }
    let firstLeaf = state.map.leafCount
    parts.append(state.map.take(chunk.tree))
    sizes.append(chunk.byteCount)
    entryCount += UInt64(chunk.entries.count)
    // Keys are spread evenly over the chunks, unless clients chose them, so the first chunk is representative of all.
    if parts.count == 1, manifest.chunks.count > 1 { reserve(for: chunk) }
    for (entry, leaf) in zip(chunk.entries, firstLeaf...) { take(entry, leaf) }
  }

  private mutating func reserve(for chunk: StateChunk) {
    var (accounts, balances, identities) = (0, 0, 0)
    for entry in chunk.entries {
      switch entry {
      case .account: accounts += 1
      case .balance: balances += 1
      case .remembered(let group): identities += group.identities.count
      case .parameters, .member, .asset, .collection, .record, .configuration, .node, .keyChange, .hold, .assetTerms:
        break
      }
    }
    // Adds a little, because the spread is not exact. Clients can put more into the first chunk than into the others,
    // and the number of entries is only a claim, so neither decides alone.
    let most = Int(min(manifest.entryCount, UInt64(Limits.snapshotChunkEntries * manifest.chunks.count)))
    func all(_ count: Int, most: Int) -> Int { min(count * manifest.chunks.count, most) / 15 * 16 }
    state.accounts.reserve(all(accounts, most: most))
    state.identities.reserve(all(identities, most: most * Limits.rememberedGroup))
    self.balances.reserveCapacity(all(balances, most: most))
  }

  private mutating func take(_ entry: StateEntry, _ leaf: UInt32) {
    switch entry {
    case .parameters(let value):
      state.map.place(leaf, EntryPlace(.parameters, state.parametersTable.load(SoleRow(value: value))))
    case .configuration(let value):
      state.map.place(leaf, EntryPlace(.configuration, state.configurationTable.load(SoleRow(value: value))))
    case .node(let node):
      let slot = state.directory.load(NodeRow(node))
      state.derived.replace(nil, with: node, in: slot)
      state.map.place(leaf, EntryPlace(.node, slot))
    case .keyChange(let validator, let time):
      let slot = state.keyChanges.load(KeyChangeRow(validator: validator, time: time))
      state.map.place(leaf, EntryPlace(.keyChange, slot))
    case .member(let member):
      let slot = state.members.load(member)
      state.derived.replace(nil, with: member, in: slot)
      state.map.place(leaf, EntryPlace(.member, slot))
    case .account(let account):
      let slot = state.accounts.load(AccountRow(account: account, owner: .max))
      state.map.place(leaf, EntryPlace(.account, slot))
    case .asset(let asset):
      let slot = state.assets.load(AssetRow(asset: asset, issuer: .max))
      state.map.place(leaf, EntryPlace(.asset, slot))
    case .balance(let account, let asset, let amount):
      balances.append(Waiting(value: (account, asset, amount), leaf: leaf))
    case .collection(let name, let owner): collections.append(Waiting(value: (name, owner), leaf: leaf))
    case .record(let record):
      let key = RecordRow.Key(collection: record.collection, key: Array(record.key.utf8))
      let slot = state.records.load(RecordRow(key: key, record: record))
      state.map.place(leaf, EntryPlace(.record, slot))
    case .hold(let hold): holds.append(Waiting(value: hold, leaf: leaf))
    case .assetTerms(let asset, let value): terms.append(Waiting(value: (asset, value), leaf: leaf))
    case .remembered(let group):
      state.map.place(leaf, .remembered(state.identities.load(group)))
    }
  }

  /// The state after the manifest's block. Throws if a chunk is missing or an entry refers to something missing.
  package consuming func finish() throws(SnapshotError) -> LedgerState {
    guard parts.count == manifest.chunks.count else {
      throw .noSuchChunk(index: parts.count, count: manifest.chunks.count)
    }
    guard entryCount == manifest.entryCount else {
      throw .entryCount(found: entryCount, manifest: manifest.entryCount)
    }
    guard state.parametersTable.count == 1, state.configurationTable.count == 1 else {
      throw .danglingEntry(kind: "parameter or configuration")
    }
    try manifest.checkDivision(sizes)
    try nameOwners()
    try loadBalances()
    try loadCollections()
    try loadHolds()
    try loadTerms()
    state.finishLoading(manifest.proof)
    state.map.join(parts, depth: { manifest.prefix(of: $0).bits }, hash: &state.hash)
    guard state.configuration.digest(hash: &state.hash) == state.tip.above.configuration else {
      throw .danglingEntry(kind: "configuration")
    }
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
    state.balances.reserve(balances.count)
    for balance in balances {
      let (name, unit, amount) = balance.value
      guard let account = state.accounts.slot(of: name), let asset = state.assets.slot(of: unit)
      else { throw .danglingEntry(kind: "account or asset") }
      let slot = state.balances.load(
        BalanceRow(amount: amount, account: account, asset: asset, leaf: balance.leaf))
      state.derived.uses.add(account)
      state.map.place(balance.leaf, EntryPlace(.balance, slot))
    }
    balances = []
  }

  private mutating func loadCollections() throws(SnapshotError) {
    for collection in collections {
      guard let owner = state.members.slot(of: collection.value.owner) else { throw .danglingEntry(kind: "member") }
      let slot = state.collections.load(CollectionRow(name: collection.value.name, owner: owner))
      state.map.place(collection.leaf, EntryPlace(.collection, slot))
    }
  }

  private mutating func loadHolds() throws(SnapshotError) {
    for hold in holds {
      guard let row = state.row(of: hold.value) else { throw .danglingEntry(kind: "account, asset or member") }
      let slot = state.holds.load(row)
      state.derived.expiries.load(HoldExpiries.Expiry(row, slot))
      state.derived.uses.open(row)
      state.map.place(hold.leaf, EntryPlace(.hold, slot))
    }
    state.derived.expiries.finishLoading()
    holds = []
  }

  private mutating func loadTerms() throws(SnapshotError) {
    for waiting in terms {
      guard let asset = state.assets.slot(of: waiting.value.asset) else { throw .danglingEntry(kind: "asset") }
      state.assets.amend(asset) { $0.terms = waiting.value.terms }
      state.map.place(waiting.leaf, EntryPlace(.assetTerms, asset))
    }
    terms = []
  }
}

extension LedgerState {
  /// Finishes the loaded tables as of a block.
  fileprivate mutating func finishLoading(_ proof: CertifiedBlock) {
    perform(.finishLoading(height: proof.height.rawValue))
    tip = proof.point(chain, hash: &hash)
    settled = tip
    blockTime = tip.timestamp
  }
}

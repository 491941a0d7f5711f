public import Primitives

// Look-ups as of the last settled block, however far the tip is ahead of it. `LedgerView` has those that may take long.
extension LedgerState {
  /// The configuration of the epoch of the block above the last settled one.
  public var settledConfiguration: ChainConfiguration {
    configurationTable.settled(0)?.value ?? configuration
  }

  public func settledAccount(_ name: AccountName) -> Account? {
    guard let row = accounts.settled(name), !row.isClosed else { return nil }
    return row.account
  }

  public func settledAsset(_ name: Name) -> Asset? { assets.settled(name)?.asset }

  /// The cap and the freeze of an asset; nil if there is no asset of that name.
  public func settledTerms(ofAsset name: Name) -> AssetTerms? { assets.settled(name)?.terms }

  /// The account's balance of the asset; zero as well if either does not exist.
  public func settledBalance(_ account: AccountName, asset: Name) -> Amount {
    guard let account = accounts.slot(of: account), let asset = assets.slot(of: asset) else { return .zero }
    return balances.settled(BalanceRow.key(account: account, asset: asset))?.amount ?? .zero
  }

  /// The latest version of a record.
  public func settledRecord(_ collection: CollectionName, key: String) -> RecordVersion? {
    records.settled(RecordRow.Key(collection: collection, key: Array(key.utf8)))?.record
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
}

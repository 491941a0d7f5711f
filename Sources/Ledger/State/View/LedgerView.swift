internal import Primitives

/// A readable copy of the last settled state, for a thread other than the one that owns the `LedgerState`.
///
/// It has what people look up, without identities, map and history, and follows the chain by the changed rows of each
/// settled block. Its owner reads between two blocks, so everything read in one go is true for `point`.
package struct LedgerView: ~Copyable, Sendable {
  /// The block after which everything here is true.
  package private(set) var point: ChainPoint
  /// The result of genesis.
  package let genesisResult: BlockResult
  private(set) var members: ViewTable<Member>
  private(set) var accounts: ViewTable<AccountRow>
  private(set) var assets: ViewTable<AssetRow>
  private(set) var balances: ViewBalances
  private(set) var records: ViewTable<RecordRow>
  private(set) var holds: ViewHolds
  private(set) var parametersTable: ViewTable<SoleRow<ChainParameters>>
  private(set) var configurationTable: ViewTable<SoleRow<ChainConfiguration>>
  private(set) var directory: ViewTable<NodeRow>

  /// Copies the settled state.
  package init(of state: borrowing LedgerState) {
    point = state.settled
    genesisResult = state.genesisResult
    members = ViewTable(state.members, isListed: true)
    accounts = ViewTable(state.accounts, isListed: true)
    assets = ViewTable(state.assets, isListed: true)
    balances = ViewBalances(state.balances, accounts: accounts.rows.count, assets)
    records = ViewTable(state.records, isListed: false)
    holds = ViewHolds(state.holds, accounts, assets)
    parametersTable = ViewTable(state.parametersTable, isListed: false)
    configurationTable = ViewTable(state.configurationTable, isListed: false)
    directory = ViewTable(state.directory, isListed: true)
  }

  /// Moves to the next block. Ignores blocks that the view already includes, so that it may come from a snapshot while
  /// the changes of earlier blocks are still on their way.
  package mutating func apply(_ changes: RowChanges) {
    guard changes.point.height > point.height else { return }
    precondition(
      changes.point.height == point.height.next,
      "the rows of block \(changes.point.height) came after those of block \(point.height)")
    members.apply(changes.members)
    accounts.apply(changes.accounts)
    assets.apply(changes.assets)
    balances.apply(changes.balances, assets)
    records.apply(changes.records)
    holds.apply(changes.holds, accounts, assets)
    parametersTable.apply(changes.parameters)
    configurationTable.apply(changes.configuration)
    directory.apply(changes.directory)
    point = changes.point
  }
}

/// What one settled block changed in the tables that a `LedgerView` has.
package struct RowChanges: Sendable {
  /// The block.
  package let point: ChainPoint
  let members: [RowChange<Member>]
  let accounts: [RowChange<AccountRow>]
  let assets: [RowChange<AssetRow>]
  let balances: [RowChange<BalanceRow>]
  let records: [RowChange<RecordRow>]
  let holds: [RowChange<HoldRow>]
  let parameters: [RowChange<SoleRow<ChainParameters>>]
  let configuration: [RowChange<SoleRow<ChainConfiguration>>]
  let directory: [RowChange<NodeRow>]
}

extension LedgerState {
  /// What the unsettled block at `index`, counted from the oldest, changed. To be asked before it is settled.
  package func rowChanges(ofUnsettled index: Int) -> RowChanges {
    RowChanges(
      point: index + 1 < parents.count ? parents[index + 1] : tip,
      members: members.changes(ofUnsettled: index), accounts: accounts.changes(ofUnsettled: index),
      assets: assets.changes(ofUnsettled: index), balances: balances.changes(ofUnsettled: index),
      records: records.changes(ofUnsettled: index),
      holds: holds.changes(ofUnsettled: index),
      parameters: parametersTable.changes(ofUnsettled: index),
      configuration: configurationTable.changes(ofUnsettled: index),
      directory: directory.changes(ofUnsettled: index))
  }
}

// The tables by the kind of their entries. Everything that concerns all tables goes through here, so that a kind
// without a table does not compile.
extension LedgerState {
  /// Performs a step in every table. Tables whose rows others refer to come first, or last if the step goes back.
  ///
  /// Always inlined, so that the step that begins each transaction costs only what it does.
  @inline(__always)
  mutating func perform(_ step: TableStep) {
    let kinds = StateKey.Kind.order
    if step.goesBack {
      for index in kinds.indices.reversed() { perform(step, kinds[index]) }
    } else {
      for index in kinds.indices { perform(step, kinds[index]) }
    }
  }

  @inline(__always)
  private mutating func perform(_ step: TableStep, _ kind: StateKey.Kind) {
    switch kind {
    case .parameters: parametersTable.perform(step, &derived)
    case .member: members.perform(step, &derived)
    case .account: accounts.perform(step, &derived)
    case .asset: assets.perform(step, &derived)
    case .balance: balances.perform(step, &derived)
    case .collection: collections.perform(step, &derived)
    case .record: records.perform(step, &derived)
    case .remembered: identities.perform(step)
    case .configuration: configurationTable.perform(step, &derived)
    case .node: directory.perform(step, &derived)
    case .keyChange: keyChanges.perform(step, &derived)
    case .hold: holds.perform(step, &derived)
    // In the rows of the assets.
    case .assetTerms: break
    }
  }

  /// The number of slots for entries of a kind, including those without an entry.
  func slotCount(of kind: StateKey.Kind) -> Int {
    switch kind {
    case .parameters: parametersTable.count
    case .member: members.count
    case .account: accounts.count
    case .asset: assets.count
    case .balance: balances.count
    case .collection: collections.count
    case .record: records.count
    case .remembered: identities.slotCount
    case .configuration: configurationTable.count
    case .node: directory.count
    case .keyChange: keyChanges.count
    case .hold: holds.count
    case .assetTerms: assets.count
    }
  }

  /// The entry at a place, at the tip or as it was when the state was pinned; nil if there is none.
  func entry(at place: EntryPlace, isPinned: Bool) -> StateEntry? {
    let slot = place.slot
    switch place.kind {
    case .parameters: return entry(parametersTable, slot, isPinned)
    case .member: return entry(members, slot, isPinned)
    case .account: return entry(accounts, slot, isPinned)
    case .asset: return entry(assets, slot, isPinned)
    case .balance: return entry(balances, slot, isPinned)
    case .collection: return entry(collections, slot, isPinned)
    case .record: return entry(records, slot, isPinned)
    case .remembered:
      return isPinned ? identities.pinned(slot).map { .remembered($0) } : .remembered(identities[slot])
    case .configuration: return entry(configurationTable, slot, isPinned)
    case .node: return entry(directory, slot, isPinned)
    case .keyChange: return entry(keyChanges, slot, isPinned)
    case .hold: return entry(holds, slot, isPinned)
    case .assetTerms: return (isPinned ? assets.pinned(slot) : assets[slot])?.termsEntry
    }
  }

  private func entry<Row: StateRow>(
    _ table: borrowing VersionedTable<Row>, _ slot: UInt32, _ isPinned: Bool
  ) -> StateEntry? {
    isPinned ? table.pinned(slot)?.entry(in: self) : table[slot].entry(in: self)
  }

  /// Adds the block's changes of the entries of a kind.
  mutating func collectChanges(_ block: ChangedBlock, _ kind: StateKey.Kind) {
    switch kind {
    case .parameters: collect(block, parametersTable.versions(of: block), parametersTable.rows, kind)
    case .member: collect(block, members.versions(of: block), members.rows, kind)
    case .account: collect(block, accounts.versions(of: block), accounts.rows, kind)
    case .asset: collect(block, assets.versions(of: block), assets.rows, kind)
    case .balance: collectBalances(block)
    case .collection: collect(block, collections.versions(of: block), collections.rows, kind)
    case .record: collect(block, records.versions(of: block), records.rows, kind)
    case .remembered: collectIdentities(block)
    case .configuration: collect(block, configurationTable.versions(of: block), configurationTable.rows, kind)
    case .node: collect(block, directory.versions(of: block), directory.rows, kind)
    case .keyChange: collect(block, keyChanges.versions(of: block), keyChanges.rows, kind)
    case .hold: collect(block, holds.versions(of: block), holds.rows, kind)
    case .assetTerms: collectAssetTerms(block)
    }
  }
}

// Shared by the operations of accounts and the admission of members.
extension LedgerState {
  /// The slot of the account of that name; nil if there is none, or none that is open.
  @inline(__always)
  func openAccount(_ name: AccountName) -> UInt32? {
    guard let slot = accounts.slot(of: name), !accounts.rows[Int(slot)].isClosed else { return nil }
    return slot
  }

  /// Adds an account, in the slot of a closed one of the same name if there is one. None of the name may be open.
  mutating func addAccount(_ name: AccountName, _ description: String, _ owner: UInt32) {
    let row = AccountRow(account: Account(name: name, description: description, isFrozen: false), owner: owner)
    if let closed = accounts.slot(of: name) {
      accounts.change(closed) { $0 = row }
    } else {
      accounts.create(row)
    }
  }

  mutating func setFrozen(_ name: AccountName, _ isFrozen: Bool) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = openAccount(name) else { return .accountUnknown }
    guard accounts.rows[Int(slot)].account.isFrozen != isFrozen else {
      return isFrozen ? .accountFrozen : .accountNotFrozen
    }
    accounts.change(slot) { $0.account.isFrozen = isFrozen }
    return .applied
  }
}

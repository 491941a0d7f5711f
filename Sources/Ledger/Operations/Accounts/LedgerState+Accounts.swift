// Shared by the operations of accounts and the admission of members.
extension LedgerState {
  mutating func addAccount(_ name: AccountName, _ description: String, _ owner: UInt32) {
    accounts.create(
      AccountRow(account: Account(name: name, description: description, isFrozen: false), owner: owner))
  }

  mutating func setFrozen(_ name: AccountName, _ isFrozen: Bool) -> OutcomeCode {
    guard administratorsAct else { return .administratorsMissing }
    guard let slot = accounts.slot(of: name) else { return .accountUnknown }
    guard accounts.rows[Int(slot)].account.isFrozen != isFrozen else {
      return isFrozen ? .accountFrozen : .accountNotFrozen
    }
    accounts.change(slot) { $0.account.isFrozen = isFrozen }
    return .applied
  }
}

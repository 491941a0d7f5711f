/// An account and the slot of its owner.
struct AccountRow: StateRow {
  var account: Account
  var owner: UInt32

  var key: AccountName { account.name }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .account(account) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

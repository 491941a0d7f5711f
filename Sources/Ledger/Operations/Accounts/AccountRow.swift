/// An account and the slot of its owner. The row of a closed account stays, because rows of balances refer to it, but has no
/// entry in the state; an account of the same name is opened in it again.
struct AccountRow: StateRow {
  var account: Account
  var owner: UInt32
  var isClosed = false

  var key: AccountName { account.name }
  var isVacant: Bool { isClosed }

  func entry(in state: borrowing LedgerState) -> StateEntry? { isClosed ? nil : .account(account) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}

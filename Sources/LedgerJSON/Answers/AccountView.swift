public import Ledger

/// An account with its balances. `GET /v1/accounts/{member/path…}`.
public struct AccountView: Codable, Hashable, Sendable {
  public var account: AccountName
  /// The member that acts for the account.
  public var owner: Name
  public var description: String
  /// Whether the account is frozen: it can receive, but not pay.
  public var frozen: Bool
  /// In the byte order of the asset names, with those of which something is only held.
  public var balances: [BalanceView]

  public init(account: AccountName, description: String, frozen: Bool, balances: [BalanceView]) {
    self.account = account
    owner = account.owner
    self.description = description
    self.frozen = frozen
    self.balances = balances
  }
}

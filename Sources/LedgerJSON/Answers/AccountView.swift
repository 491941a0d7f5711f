public import Ledger

/// An account with what it holds. `GET /v1/accounts/{member/path…}`.
public struct AccountView: Codable, Hashable, Sendable {
  public var account: AccountName
  /// The member that acts for it.
  public var owner: Name
  public var description: String
  /// A frozen account can receive, but not pay.
  public var frozen: Bool
  /// In the byte order of the assets.
  public var balances: [BalanceView]

  public init(account: AccountName, description: String, frozen: Bool, balances: [BalanceView]) {
    self.account = account
    owner = account.owner
    self.description = description
    self.frozen = frozen
    self.balances = balances
  }
}

/// What an account holds of one asset.
public struct BalanceView: Codable, Hashable, Sendable {
  public var asset: Name
  /// Scaled by the asset's decimals, exact, such as `12.50`.
  public var amount: String
  /// The same in smallest units.
  public var units: Amount

  public init(asset: Name, units: Amount, decimals: UInt8) {
    self.asset = asset
    amount = units.text(decimals: Int(decimals))
    self.units = units
  }
}

public import Ledger

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

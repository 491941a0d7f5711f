public import Ledger

/// An account's balance of one asset.
public struct BalanceView: Codable, Hashable, Sendable {
  public var asset: Name
  /// An exact decimal number scaled by the asset's decimals, such as `12.50`.
  public var amount: String
  /// The same amount in smallest units.
  public var units: Amount

  public init(asset: Name, units: Amount, decimals: UInt8) {
    self.asset = asset
    amount = units.text(decimals: Int(decimals))
    self.units = units
  }
}
